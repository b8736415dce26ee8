package dev.sconce.generate.selftest;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.pte.DataSegment;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteProgram;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.SubsegmentOffsets;
import dev.sconce.generate.resource.ResourceNames;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Hashes of everything in a program file but the self-tests, which hold them.
 *
 * <p>Not thread-safe to close while in use; otherwise any thread may read.
 */
public final class ContentHashes implements AutoCloseable {

  private static final int PIECE = 1 << 24;

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
    parts.add(new Part.Constants());
    return parts;
  }

  /** Returns what a part is, for people. */
  public String describe(Part part) {
    return switch (part) {
      case Part.Table _ -> "the program table: methods, instructions, defaults";
      case Part.Constants _ -> "the constants: weights and blobs";
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
          Optional.of(
              sha256(List.of(file.bytes().memory().asSlice(0, file.header().programSize()))));
      case Part.Segment(int index) ->
          index < program.segments().size()
              ? Optional.of(sha256(List.of(file.segment(index))))
              : Optional.empty();
      case Part.Constants _ -> constants().map(bytes -> sha256(List.of(bytes)));
      case Part.Blob(String method) ->
          plan(method)
              .map(this::tensors)
              .filter(bytes -> !bytes.isEmpty())
              .map(ContentHashes::sha256);
    };
  }

  /** The constant segment up to the self-tests, which are its last constant. */
  private Optional<MemorySegment> constants() {
    SubsegmentOffsets constants = file.program().constantSegment();
    if (constants == null) {
      return Optional.empty();
    }
    DataSegment segment = file.program().segments().get(constants.segmentIndex());
    long end =
        plan(ResourceNames.SELF_TEST_BLOB)
            .flatMap(ContentHashes::constantIndex)
            .map(index -> constants.offsets().at(index))
            .orElse(segment.size());
    return Optional.of(file.segment(constants.segmentIndex()).asSlice(0, end));
  }

  private Optional<ExecutionPlan> plan(String method) {
    return file.program().plans().stream().filter(plan -> plan.name().equals(method)).findFirst();
  }

  private static Optional<Integer> constantIndex(ExecutionPlan plan) {
    return plan.values().stream()
        .filter(PteValue.TensorValue.class::isInstance)
        .map(value -> ((PteValue.TensorValue) value).dataBufferIndex())
        .findFirst();
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
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (MemorySegment part : parts) {
        for (long at = 0; at < part.byteSize(); at += PIECE) {
          digest.update(part.asSlice(at, Math.min(PIECE, part.byteSize() - at)).asByteBuffer());
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
