package dev.sconce.generate.selftest;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.Sha256;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteProgram;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.SubsegmentOffsets;
import dev.sconce.generate.resource.ResourceNames;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Hashes of everything in a program file but the self-tests, which hold them.
 *
 * <p>Not thread-safe to close while in use; otherwise any thread may read.
 */
public final class ContentHashes implements AutoCloseable {

  private final PteFile file;

  private ContentHashes(PteFile file) {
    this.file = file;
  }

  /**
   * Opens a file.
   *
   * @throws IOException if it cannot be read
   * @throws MalformedFileException if it is not a well-formed program
   */
  public static ContentHashes open(Path path) throws IOException {
    return new ContentHashes(PteFile.open(path));
  }

  /**
   * Reads a program that is in memory, which must stay while this is in use.
   *
   * @throws MalformedFileException if it is not a well-formed program
   */
  public static ContentHashes of(MemoryReader bytes) {
    return new ContentHashes(PteFile.of(bytes));
  }

  /** Returns all parts that a file of its own self-tests has. */
  public List<Part> parts() {
    PteProgram program = file.program();
    List<Part> parts = new ArrayList<>(List.of(new Part.Table()));
    SubsegmentOffsets constants = program.constantSegment();
    for (int i = 0; i < program.segments().size(); i++) {
      if (constants == null || constants.segmentIndex() != i) {
        parts.add(new Part.Segment(i));
      }
    }
    for (ExecutionPlan plan : program.plans()) {
      if (!plan.name().equals(ResourceNames.SELF_TEST_BLOB) && !tensors(plan).isEmpty()) {
        parts.add(new Part.Blob(plan.name()));
      }
    }
    constantsWithoutBlobs().forEach(index -> parts.add(new Part.Constant(index)));
    return parts;
  }

  /** Returns what a part is, for people. */
  public String describe(Part part) {
    return switch (part) {
      case Part.Table _ -> "the program table: methods, instructions, defaults";
      case Part.Constant(int index) -> describeConstant(index);
      case Part.Blob(String method) -> "what " + method + " returns";
      case Part.Segment(int index) ->
          file.program().namedData().stream()
              .filter(data -> data.segmentIndex() == index)
              .findFirst()
              .map(data -> "segment " + index + ": packed weights " + data.key())
              .orElse("segment " + index + ": a delegate's graph");
    };
  }

  /**
   * Returns the SHA-256 of a part, in lower-case hexadecimal digits.
   *
   * @return empty if the file has no such part
   */
  public Optional<String> hash(Part part) {
    PteProgram program = file.program();
    return switch (part) {
      case Part.Table _ ->
          Optional.of(Sha256.of(file.bytes().memory().asSlice(0, file.header().programSize())));
      case Part.Segment(int index) ->
          index < program.segments().size()
              ? Optional.of(Sha256.of(file.segment(index)))
              : Optional.empty();
      case Part.Constant(int index) -> constant(index).map(Sha256::of);
      case Part.Blob(String method) ->
          plan(method)
              .map(this::tensors)
              .filter(bytes -> !bytes.isEmpty())
              .map(ContentHashes::sha256);
    };
  }

  /** Indices of the constants, without the placeholder, without those that are a blob. */
  private List<Integer> constantsWithoutBlobs() {
    SubsegmentOffsets constants = file.program().constantSegment();
    if (constants == null) {
      return List.of();
    }
    Set<Integer> blobs = new HashSet<>();
    file.program().plans().stream()
        .filter(plan -> !tensors(plan).isEmpty())
        .forEach(plan -> constantsOf(plan).forEach(tensor -> blobs.add(tensor.dataBufferIndex())));
    return IntStream.range(1, constants.offsets().size())
        .filter(index -> !blobs.contains(index))
        .boxed()
        .toList();
  }

  /** The bytes of a constant, up to where the next begins; the last one goes to the end. */
  private Optional<MemorySegment> constant(int index) {
    SubsegmentOffsets constants = file.program().constantSegment();
    if (constants == null || index >= constants.offsets().size()) {
      return Optional.empty();
    }
    MemorySegment segment = file.segment(constants.segmentIndex());
    long start = constants.offsets().at(index);
    long end = segment.byteSize();
    for (int i = 1; i < constants.offsets().size(); i++) {
      long other = constants.offsets().at(i);
      end = other > start ? Math.min(end, other) : end;
    }
    return Optional.of(segment.asSlice(start, end - start));
  }

  private String describeConstant(int index) {
    List<String> uses = new ArrayList<>();
    String type = "";
    for (ExecutionPlan plan : file.program().plans()) {
      for (PteValue.TensorValue tensor : constantsOf(plan)) {
        if (tensor.dataBufferIndex() == index) {
          type = " %s %s".formatted(tensor.dtype().torchName(), tensor.sizes());
          uses.add(plan.name());
          break;
        }
      }
    }
    return "constant %d,%s of %s"
        .formatted(index, type, uses.isEmpty() ? "no method" : String.join(", ", uses));
  }

  private Optional<ExecutionPlan> plan(String method) {
    return file.program().plans().stream().filter(plan -> plan.name().equals(method)).findFirst();
  }

  private static List<PteValue.TensorValue> constantsOf(ExecutionPlan plan) {
    return plan.values().stream()
        .filter(PteValue.TensorValue.class::isInstance)
        .map(PteValue.TensorValue.class::cast)
        .filter(tensor -> tensor.dataBufferIndex() > 0 && tensor.allocation() == null)
        .toList();
  }

  /** The bytes of the tensors that a method without inputs and instructions returns. */
  private List<MemorySegment> tensors(ExecutionPlan plan) {
    List<MemorySegment> tensors = new ArrayList<>();
    if (plan.inputs().size() > 0) {
      return tensors;
    }
    for (int output : plan.outputs()) {
      if (plan.values().get(output) instanceof PteValue.TensorValue tensor
          && tensor.dataBufferIndex() > 0
          && tensor.allocation() == null) {
        tensors.add(file.constant(tensor.dataBufferIndex(), byteSize(tensor)));
      }
    }
    return tensors;
  }

  private static long byteSize(PteValue.TensorValue tensor) {
    long elements = 1;
    for (int size : tensor.sizes()) {
      elements = Math.multiplyExact(elements, size);
    }
    return tensor.dtype().byteSize(elements);
  }

  private static String sha256(List<MemorySegment> parts) {
    Sha256 hash = new Sha256();
    parts.forEach(hash::add);
    return hash.toHex();
  }

  @Override
  public void close() {
    file.close();
  }
}
