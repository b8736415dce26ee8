package dev.sconce.format.safetensors;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.base.json.JsonWriter;
import dev.sconce.base.memory.AtomicFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Writes a safetensors file tensor by tensor: the header follows from names, types and shapes, so
 * that data never need to be in memory together.
 *
 * <p>The layout is the reference implementation's: widest types first, then by name, header padded
 * to 8 bytes. The file appears under its name only when {@link #finish()} is called; closing
 * earlier leaves nothing. Not for concurrent use.
 */
public final class SafetensorsWriter implements AutoCloseable {

  private static final int ALIGNMENT = 8;

  private final AtomicFile file;
  private final SafetensorsHeader header;
  private final Map<String, Slot> slots = new LinkedHashMap<>();

  /** A tensor's place in the file and how much of it is written. */
  private static final class Slot {
    private final TensorInfo info;
    private long written;

    Slot(TensorInfo info) {
      this.info = info;
    }
  }

  private SafetensorsWriter(AtomicFile file, SafetensorsHeader header) {
    this.file = file;
    this.header = header;
    header.tensors().forEach(tensor -> slots.put(tensor.name(), new Slot(tensor)));
  }

  /**
   * Starts a file.
   *
   * @param path the file to create or replace
   * @param tensors all tensors it will hold, in any order
   * @param metadata texts for {@code __metadata__}; none is written if empty
   * @throws IOException if the file cannot be created
   * @throws InvalidInputException if names repeat or sizes do not fit
   */
  public static SafetensorsWriter create(
      Path path, List<TensorSpec> tensors, SequencedMap<String, String> metadata)
      throws IOException {
    List<TensorInfo> placed = place(path, tensors);
    byte[] json = json(placed, metadata);
    if (json.length > SafetensorsHeader.MAX_HEADER) {
      throw new InvalidInputException(
          path.toString(),
          "tensors and metadata",
          "a header of at most " + SafetensorsHeader.MAX_HEADER + " bytes",
          json.length + " bytes");
    }
    AtomicFile file = AtomicFile.create(path);
    try {
      ByteBuffer head =
          ByteBuffer.allocate(Long.BYTES + json.length).order(ByteOrder.LITTLE_ENDIAN);
      head.putLong(json.length).put(json);
      file.write(0, MemorySegment.ofArray(head.array()));
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return new SafetensorsWriter(
        file, new SafetensorsHeader(placed, metadata, Long.BYTES + json.length));
  }

  /** Returns the header as it was written: where each tensor will stand. */
  public SafetensorsHeader header() {
    return header;
  }

  /**
   * Writes the next bytes of a tensor, row-major and little-endian. Tensors may come in any order,
   * and in as many pieces as the caller likes.
   *
   * @throws IOException if they cannot be written
   * @throws InvalidInputException if no such tensor was announced, or its size is exceeded
   */
  public void write(String name, MemorySegment bytes) throws IOException {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw invalid(name, "one of the " + slots.size() + " tensors announced", "another name");
    }
    long room = slot.info.byteSize() - slot.written;
    if (bytes.byteSize() > room) {
      throw invalid(name, "at most " + room + " more bytes", bytes.byteSize() + " bytes");
    }
    file.write(header.dataOffset() + slot.info.begin() + slot.written, bytes);
    slot.written += bytes.byteSize();
  }

  /**
   * Completes the file and moves it into place.
   *
   * @throws IOException if that fails
   * @throws InvalidInputException if a tensor is missing or incomplete
   */
  public void finish() throws IOException {
    for (Slot slot : slots.values()) {
      if (slot.written != slot.info.byteSize()) {
        throw invalid(
            slot.info.name(), slot.info.byteSize() + " bytes", slot.written + " bytes written");
      }
    }
    file.commit();
  }

  /** Removes the file unless it was finished. */
  @Override
  public void close() throws IOException {
    file.close();
  }

  private InvalidInputException invalid(String tensor, String expected, String found) {
    return new InvalidInputException(file.target().toString(), tensor, expected, found);
  }

  private static List<TensorInfo> place(Path path, List<TensorSpec> tensors) {
    List<TensorSpec> sorted = new ArrayList<>(tensors);
    sorted.sort(
        Comparator.comparing(TensorSpec::type)
            .reversed()
            .thenComparing(TensorSpec::name, SafetensorsWriter::compareUtf8));
    SequencedMap<String, TensorInfo> placed = new LinkedHashMap<>();
    long position = 0;
    for (TensorSpec tensor : sorted) {
      long end = position + byteSize(path, tensor);
      TensorInfo info = new TensorInfo(tensor.name(), tensor.type(), tensor.shape(), position, end);
      if (placed.put(tensor.name(), info) != null
          || tensor.name().equals(SafetensorsHeader.METADATA)) {
        throw new InvalidInputException(
            path.toString(), tensor.name(), "names that occur once", "the name a second time");
      }
      position = end;
    }
    return List.copyOf(placed.values());
  }

  private static long byteSize(Path path, TensorSpec tensor) {
    try {
      long bits = tensor.type().bits();
      for (long size : tensor.shape()) {
        bits = Math.multiplyExact(bits, size);
        if (size < 0) {
          throw new ArithmeticException("negative size");
        }
      }
      if (bits % Byte.SIZE == 0) {
        return bits / Byte.SIZE;
      }
    } catch (ArithmeticException e) {
      InvalidInputException invalid = badShape(path, tensor);
      invalid.initCause(e);
      throw invalid;
    }
    throw badShape(path, tensor);
  }

  private static InvalidInputException badShape(Path path, TensorSpec tensor) {
    return new InvalidInputException(
        path.toString(),
        tensor.name(),
        "a shape of whole bytes that fits 64 bits",
        tensor.type() + " " + tensor.shape());
  }

  /** The reference implementation orders names by their UTF-8 bytes. */
  private static int compareUtf8(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] json(List<TensorInfo> tensors, SequencedMap<String, String> metadata) {
    JsonObject.Builder object = JsonObject.builder();
    if (!metadata.isEmpty()) {
      JsonObject.Builder texts = JsonObject.builder();
      metadata.forEach(texts::put);
      object.put(SafetensorsHeader.METADATA, texts.build());
    }
    for (TensorInfo tensor : tensors) {
      object.put(
          tensor.name(),
          JsonObject.builder()
              .put("dtype", tensor.type().name())
              .put("shape", numbers(tensor.shape()))
              .put("data_offsets", numbers(List.of(tensor.begin(), tensor.end())))
              .build());
    }
    byte[] text = JsonWriter.compact(object.build()).getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(text, Math.ceilDiv(text.length, ALIGNMENT) * ALIGNMENT);
    Arrays.fill(padded, text.length, padded.length, (byte) ' ');
    return padded;
  }

  private static JsonArray numbers(List<Long> values) {
    return new JsonArray(
        values.stream().<JsonValue>map(value -> JsonNumber.of((long) value)).toList());
  }
}
