package dev.sconce.generate.runner.internal;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.base.json.JsonWriter;
import dev.sconce.base.memory.AtomicFile;
import dev.sconce.runtime.Tensor;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The state of a conversation in a file.
 *
 * <pre>
 *   8 bytes   "SCONCEKV"
 *   int32     version, 2                       (big-endian, as all numbers outside of the tensors)
 *   int32     length of the header
 *   header    {"program": fingerprint, "tokens": [...], "tensors": ["float32[1, 64, 2, 8]", ...]}
 *   tensors   runs of blocks of 4096 bytes: int32 blocks of zeros, int32 blocks of data, the data
 *   int32     CRC-32C of all before it
 * </pre>
 *
 * <p>Caches are as large as the context; what was never written is zero and takes no room.
 */
public final class StateFile {

  private static final byte[] MAGIC = "SCONCEKV".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 2;
  private static final int MAX_HEADER = 1 << 26;
  private static final int BLOCK = 4096;

  private StateFile() {}

  /** Writes a state; the file appears when it is complete. */
  public static void save(Path file, Path program, RowState state) throws IOException {
    try (AtomicFile target = AtomicFile.create(file)) {
      CRC32C sum = new CRC32C();
      DataOutputStream out =
          new DataOutputStream(
              new CheckedOutputStream(
                  new BufferedOutputStream(Channels.newOutputStream(target.channel()), 1 << 16),
                  sum));
      out.write(MAGIC);
      out.writeInt(VERSION);
      byte[] header = header(program, state).getBytes(StandardCharsets.UTF_8);
      out.writeInt(header.length);
      out.write(header);
      for (Tensor tensor : state.buffers()) {
        write(out, tensor.memory());
      }
      out.writeInt((int) sum.getValue());
      out.flush();
      target.commit();
    }
  }

  private static String header(Path program, RowState state) throws IOException {
    List<JsonValue> tokens =
        Arrays.stream(state.tokens()).<JsonValue>mapToObj(JsonNumber::of).toList();
    return JsonWriter.compact(
        JsonObject.builder()
            .put("program", Fingerprint.of(program))
            .put("tokens", new JsonArray(tokens))
            .put("tensors", tensors(state))
            .build());
  }

  private static JsonArray tensors(RowState state) {
    return new JsonArray(
        state.buffers().stream()
            .<JsonValue>map(t -> new JsonString(t.dtype() + Arrays.toString(t.shape())))
            .toList());
  }

  private static void write(DataOutputStream out, MemorySegment memory) throws IOException {
    byte[] block = new byte[BLOCK];
    long at = 0;
    while (at < memory.byteSize()) {
      int zeros = run(memory, at, true);
      int data = run(memory, at + (long) zeros * BLOCK, false);
      out.writeInt(zeros);
      out.writeInt(data);
      at += (long) zeros * BLOCK;
      for (int i = 0; i < data; i++, at += BLOCK) {
        int count = (int) Math.min(BLOCK, memory.byteSize() - at);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, block, 0, count);
        out.write(block, 0, count);
      }
    }
  }

  /** Returns how many blocks from a place on are zero, or are not. */
  private static int run(MemorySegment memory, long from, boolean zero) {
    int count = 0;
    for (long at = from; at < memory.byteSize() && count < Integer.MAX_VALUE; at += BLOCK) {
      if (isZero(memory, at) != zero) {
        break;
      }
      count++;
    }
    return count;
  }

  private static boolean isZero(MemorySegment memory, long at) {
    long end = Math.min(at + BLOCK, memory.byteSize());
    long i = at;
    for (; i + Long.BYTES <= end; i += Long.BYTES) {
      if (memory.get(ValueLayout.JAVA_LONG_UNALIGNED, i) != 0) {
        return false;
      }
    }
    for (; i < end; i++) {
      if (memory.get(ValueLayout.JAVA_BYTE, i) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads a state over another one.
   *
   * @throws MalformedFileException if the file is no state; the other state is then of no use
   * @throws InvalidInputException if it is the state of another program
   */
  public static void load(Path file, Path program, RowState state, int vocabulary, int context)
      throws IOException {
    CRC32C sum = new CRC32C();
    try (DataInputStream in =
        new DataInputStream(
            new CheckedInputStream(
                new BufferedInputStream(Files.newInputStream(file), 1 << 16), sum))) {
      JsonObject header = header(file, in);
      String found = header.string("program").orElse("");
      if (!found.equals(Fingerprint.of(program))
          || !header.get("tensors").equals(java.util.Optional.of(tensors(state)))) {
        throw new InvalidInputException(
            "Session.load", file.toString(), "a state of " + program, "one of another program");
      }
      int[] tokens = tokens(file, header, vocabulary, context);
      for (Tensor tensor : state.buffers()) {
        read(file, in, tensor.memory());
      }
      int made = (int) sum.getValue();
      if (in.readInt() != made) {
        throw malformed(file, "what was saved", "changed bytes: the checksum does not fit");
      }
      if (in.read() >= 0) {
        throw malformed(file, "the end of the file", "more bytes");
      }
      state.restored(tokens);
    } catch (EOFException e) {
      throw malformed(file, "the whole of the state", "the end of the file");
    }
  }

  private static JsonObject header(Path file, DataInputStream in) throws IOException {
    byte[] magic = in.readNBytes(MAGIC.length);
    if (!Arrays.equals(magic, MAGIC)) {
      throw malformed(file, "SCONCEKV", "other bytes");
    }
    int version = in.readInt();
    int length = in.readInt();
    if (version != VERSION || length < 2 || length > MAX_HEADER) {
      throw malformed(
          file,
          "version " + VERSION + " and a header of at most " + MAX_HEADER + " bytes",
          "version " + version + " and " + length + " bytes");
    }
    byte[] bytes = in.readNBytes(length);
    return Json.parseObject(file.toString(), new String(bytes, StandardCharsets.UTF_8));
  }

  private static int[] tokens(Path file, JsonObject header, int vocabulary, int context) {
    List<Integer> tokens = new ArrayList<>();
    for (JsonValue value :
        header.array("tokens").orElseThrow(() -> malformed(file, "tokens", "none"))) {
      long id = value instanceof JsonNumber number ? number.asLong().orElse(-1) : -1;
      if (id < 0 || id >= vocabulary || tokens.size() >= context) {
        throw malformed(
            file,
            "at most " + context + " tokens below " + vocabulary,
            value + " at " + tokens.size());
      }
      tokens.add((int) id);
    }
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void read(Path file, DataInputStream in, MemorySegment memory) throws IOException {
    byte[] block = new byte[BLOCK];
    long blocks = (memory.byteSize() + BLOCK - 1) / BLOCK;
    long at = 0;
    while (at < blocks) {
      int zeros = in.readInt();
      int data = in.readInt();
      if (zeros < 0 || data < 0 || zeros + data == 0 || at + zeros + (long) data > blocks) {
        throw malformed(file, "runs of " + (blocks - at) + " blocks", zeros + " and " + data);
      }
      clear(memory, at * BLOCK, Math.min((at + zeros) * BLOCK, memory.byteSize()));
      at += zeros;
      for (int i = 0; i < data; i++, at++) {
        int count = (int) Math.min(BLOCK, memory.byteSize() - at * BLOCK);
        in.readFully(block, 0, count);
        MemorySegment.copy(block, 0, memory, ValueLayout.JAVA_BYTE, at * BLOCK, count);
      }
    }
  }

  /** Clears memory, but leaves alone what is zero already and perhaps not even there. */
  private static void clear(MemorySegment memory, long from, long to) {
    for (long at = from; at < to; at += BLOCK) {
      if (!isZero(memory, at)) {
        memory.asSlice(at, Math.min(BLOCK, memory.byteSize() - at)).fill((byte) 0);
      }
    }
  }

  private static MalformedFileException malformed(Path file, String expected, String found) {
    return new MalformedFileException(file.toString(), -1, "", expected, found);
  }
}
