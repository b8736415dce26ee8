package dev.sconce.graph.emit;

import dev.sconce.base.Sha256;
import dev.sconce.format.Longs;
import dev.sconce.format.pte.BackendDelegate;
import dev.sconce.format.pte.DataSegment;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.HeaderForm;
import dev.sconce.format.pte.NamedData;
import dev.sconce.format.pte.PteFileWriter;
import dev.sconce.format.pte.PteLayout;
import dev.sconce.format.pte.PteProgram;
import dev.sconce.format.pte.SubsegmentOffsets;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Subgraph;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a program file from graphs, with one constant in memory at a time.
 *
 * <p>All sizes are known before any weight is read, so segments are written as they are made, at
 * places reserved for them. Named data have the hash of their bytes as key, as the official
 * exporter does it: runtimes may share what they pack by key. The keys enter the program table,
 * which is written last. One constant may be made of the file itself: it is the last of all, and
 * its size changes nothing but numbers in the table.
 *
 * <pre>
 * program table | delegate blobs | named data | constants
 *                 segments 1…n     n+1…         segment 0
 * </pre>
 */
public final class ProgramEmitter {

  private static final int SEGMENT_ALIGNMENT = PteLayout.SEGMENT_ALIGNMENT;
  private static final int CONSTANT_ALIGNMENT = 16;
  private static final String UNKNOWN_KEY = "0".repeat(64);

  private final ProgramConstants shared = new ProgramConstants();
  private final List<ExecutionPlan> plans = new ArrayList<>();
  private final Map<String, ConstantData> named = new LinkedHashMap<>();
  private final List<Long> blobSizes = new ArrayList<>();
  private final PendingConstant pending = new PendingConstant();

  /** Hears how the writing goes on. */
  @FunctionalInterface
  public interface Progress {

    /** Called after a constant was written. */
    void written(String identity, long bytesSoFar, long bytesInAll);
  }

  /** A constant that is made of all the rest of the file, and stands behind it. */
  public interface LastConstant {

    /** Returns the name of the constant method that returns it. */
    String method();

    /**
     * Makes the bytes.
     *
     * @param written a file that can be run: all methods, with every constant but this one, in
     *     whose place there is a single byte
     */
    byte[] make(Path written) throws IOException;

    /**
     * Changes the bytes once the program table says how many they are.
     *
     * @param made what {@link #make} returned
     * @param written the file, with its final table
     * @return as many bytes
     */
    default byte[] seal(byte[] made, Path written) throws IOException {
      return made;
    }
  }

  private ProgramEmitter(
      List<Graph> methods, List<ConstantMethod> constants, @Nullable LastConstant last) {
    int memories = 2 + methods.size();
    for (int i = 0; i < methods.size(); i++) {
      plans.add(new MethodEmitter(methods.get(i), shared, 2 + i).emit(memories));
    }
    constants.forEach(method -> plans.add(method.emit(shared)));
    if (last != null) {
      plans.add(pending.method(last.method()).emit(shared));
    }
    for (Subgraph subgraph : shared.subgraphs()) {
      subgraph.constants().forEach(data -> named.putIfAbsent(data.identity(), data));
      // All keys are equally long.
      blobSizes.add((long) subgraph.serialize(_ -> UNKNOWN_KEY).length);
    }
  }

  /**
   * Writes a program.
   *
   * @param target where the file appears when it is complete
   * @throws IOException if it cannot be written; then nothing is left behind
   */
  public static void write(
      List<Graph> methods, List<ConstantMethod> constants, Path target, Progress progress)
      throws IOException {
    new ProgramEmitter(methods, constants, null).write(target, null, progress);
  }

  /**
   * Writes a program with a constant that is made of the rest of it.
   *
   * @param target where the file appears when it is complete
   * @throws IOException if it cannot be written; then nothing is left behind
   */
  public static void write(
      List<Graph> methods,
      List<ConstantMethod> constants,
      LastConstant last,
      Path target,
      Progress progress)
      throws IOException {
    new ProgramEmitter(methods, constants, last).write(target, last, progress);
  }

  private void write(Path target, @Nullable LastConstant last, Progress progress)
      throws IOException {
    Map<String, String> keys = new LinkedHashMap<>();
    named.keySet().forEach(identity -> keys.put(identity, UNKNOWN_KEY));
    List<DataSegment> segments = segments();
    long all = segments.stream().mapToLong(DataSegment::size).sum();
    Counter counter = new Counter(progress, all);
    try (PteFileWriter writer =
        PteFileWriter.create(target, PteLayout.of(program(segments, keys)))) {
      int segment = 1 + shared.subgraphs().size();
      for (ConstantData data : named.values()) {
        try (Arena arena = Arena.ofShared()) {
          MemorySegment bytes = arena.allocate(data.byteSize(), SEGMENT_ALIGNMENT);
          data.writeTo(bytes);
          keys.put(data.identity(), freshKey(keys, Sha256.of(bytes)));
          writer.write(segment++, bytes);
        }
        counter.add(data);
      }
      for (int i = 0; i < shared.subgraphs().size(); i++) {
        writer.write(1 + i, MemorySegment.ofArray(blob(i, keys)));
      }
      try (WritableByteChannel channel = writer.segment(0)) {
        List<ConstantData> ready =
            last == null
                ? shared.constants()
                : shared.constants().subList(0, shared.constants().size() - 1);
        long position = writeConstants(channel, ready, 0, counter);
        writer.relayout(PteLayout.of(program(segments, keys)));
        if (last != null) {
          writer.writeTable();
          byte[] made = last.make(writer.temporaryPath());
          pending.become(made);
          plans.set(plans.size() - 1, pending.method(last.method()).emit(shared));
          writer.relayout(PteLayout.of(program(segments(), keys)));
          writer.writeTable();
          pending.become(last.seal(made, writer.temporaryPath()));
          writeConstants(channel, List.of(pending), position, counter);
        }
      }
      writer.finish();
    } finally {
      named.values().forEach(ConstantData::release);
      shared.constants().forEach(ConstantData::release);
    }
  }

  private List<DataSegment> segments() {
    List<Long> sizes = new ArrayList<>(blobSizes);
    named.values().forEach(data -> sizes.add(data.byteSize()));
    List<DataSegment> segments = new ArrayList<>();
    long offset = 0;
    for (long size : sizes) {
      segments.add(new DataSegment(offset, size));
      offset = align(offset + size, SEGMENT_ALIGNMENT);
    }
    long constants = constantOffsets().getLast();
    segments.addFirst(new DataSegment(constants == 0 ? 0 : offset, constants));
    return segments;
  }

  private byte[] blob(int index, Map<String, String> keys) {
    return shared
        .subgraphs()
        .get(index)
        .serialize(data -> java.util.Objects.requireNonNull(keys.get(data.identity())));
  }

  /** Returns where each constant starts, and after them where the segment ends. */
  private List<Long> constantOffsets() {
    List<Long> offsets = new ArrayList<>();
    long end = 0;
    for (ConstantData data : shared.constants()) {
      long start = align(end, CONSTANT_ALIGNMENT);
      offsets.add(start);
      end = start + data.byteSize();
    }
    offsets.add(end);
    return offsets;
  }

  private PteProgram program(List<DataSegment> segments, Map<String, String> keys) {
    List<Long> offsets = constantOffsets();
    long[] starts = new long[offsets.size()];
    // Entry 0 is the placeholder of "no constant"; the first constant starts at 0, too.
    for (int i = 1; i < starts.length; i++) {
      starts[i] = offsets.get(i - 1);
    }
    int firstNamed = 1 + shared.subgraphs().size();
    List<NamedData> entries = new ArrayList<>();
    for (String key : keys.values()) {
      entries.add(new NamedData(key, firstNamed + entries.size()));
    }
    return new PteProgram(
        HeaderForm.FULL,
        0,
        plans.stream().map(ProgramEmitter::withSegments).toList(),
        List.of(),
        List.of(),
        segments,
        new SubsegmentOffsets(0, Longs.of(starts)),
        List.of(),
        entries);
  }

  /** Turns the numbers of subgraphs into the indices of their segments. */
  private static ExecutionPlan withSegments(ExecutionPlan plan) {
    List<BackendDelegate> delegates =
        plan.delegates().stream()
            .map(d -> new BackendDelegate(d.id(), d.location(), d.index() + 1, d.compileSpecs()))
            .toList();
    return new ExecutionPlan(
        plan.name(),
        plan.containerMetadata(),
        plan.values(),
        plan.inputs(),
        plan.outputs(),
        plan.chains(),
        plan.operators(),
        delegates,
        plan.plannedBufferSizes(),
        plan.plannedBufferDevices());
  }

  /** Writes constants behind a position in their segment; returns the position after them. */
  private static long writeConstants(
      WritableByteChannel channel, List<ConstantData> constants, long from, Counter counter)
      throws IOException {
    long position = from;
    for (ConstantData data : constants) {
      long padding = align(position, CONSTANT_ALIGNMENT) - position;
      channel.write(ByteBuffer.allocate((int) padding));
      try (Arena arena = Arena.ofShared()) {
        MemorySegment bytes = arena.allocate(data.byteSize(), CONSTANT_ALIGNMENT);
        data.writeTo(bytes);
        writeFully(channel, bytes);
      }
      position += padding + data.byteSize();
      counter.add(data);
    }
    return position;
  }

  private static void writeFully(WritableByteChannel channel, MemorySegment bytes)
      throws IOException {
    int part = 1 << 24;
    for (long at = 0; at < bytes.byteSize(); at += part) {
      ByteBuffer buffer = bytes.asSlice(at, Math.min(part, bytes.byteSize() - at)).asByteBuffer();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  /**
   * Returns a key for bytes of the given hash. Constants that happen to have equal bytes get keys
   * of their own, still determined by their bytes alone: the table's size must not depend on them.
   */
  private static String freshKey(Map<String, String> keys, String hash) {
    String key = hash;
    while (keys.containsValue(key)) {
      key = Sha256.of(key.getBytes(StandardCharsets.US_ASCII));
    }
    return key;
  }

  private static long align(long offset, int alignment) {
    return Math.ceilDiv(offset, (long) alignment) * alignment;
  }

  /** Counts what was written. */
  private static final class Counter {
    private final Progress progress;
    private final long all;
    private long done;

    Counter(Progress progress, long all) {
      this.progress = progress;
      this.all = all;
    }

    void add(ConstantData data) {
      done += data.byteSize();
      progress.written(data.identity(), done, all);
    }
  }
}
