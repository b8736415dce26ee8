package dev.sconce.cli.internal.diff;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.Sha256;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteValue.DataSource;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** Hashes of what a program holds: equal hashes stand for equal bytes. */
final class Contents {

  /** Data may overlap, but not so much that hashing it takes forever. */
  private static final int MAX_TIMES_FILE = 4;

  private record Range(long address, long size) {}

  private final String file;
  private final long mostBytes;
  private final Map<Range, String> hashes = new HashMap<>();
  private long hashed;

  Contents(PteFile file) {
    this.file = file.bytes().file();
    this.mostBytes = MAX_TIMES_FILE * file.bytes().size();
  }

  /** Returns the hash of some bytes of the file. */
  String hash(MemorySegment bytes) {
    return hashes.computeIfAbsent(
        new Range(bytes.byteSize() == 0 ? 0 : bytes.address(), bytes.byteSize()),
        _ -> compute(bytes));
  }

  /** Returns the hash of a tensor's data in the file; empty if it has none there. */
  String hash(PteFile program, TensorValue tensor) {
    if (tensor.dataSource() == DataSource.CONSTANT) {
      return hash(program.constant(tensor.dataBufferIndex(), tensor.byteSize()));
    }
    return tensor.dataSource() == DataSource.PLANNED_WITH_INITIAL_VALUE
        ? hash(program.initialValue(tensor.dataBufferIndex(), tensor.byteSize()))
        : "";
  }

  private String compute(MemorySegment bytes) {
    hashed += bytes.byteSize();
    if (hashed > mostBytes) {
      throw new MalformedFileException(
          file,
          -1,
          "execution_plan",
          "constants that do not overlap many times",
          "more than " + MAX_TIMES_FILE + " times the bytes of the file");
    }
    return Sha256.of(bytes);
  }
}
