package dev.sconce.cli.internal.diff;

import dev.sconce.base.memory.MappedFile;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.cli.internal.inspect.Calls;
import dev.sconce.cli.internal.inspect.DelegateBlobs;
import dev.sconce.cli.internal.inspect.FileFormat;
import dev.sconce.cli.internal.inspect.Getters;
import dev.sconce.format.bpte.BundledProgramFile;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** One of the two programs. */
final class ProgramSide implements AutoCloseable {

  private final MappedFile mapped;
  final PteFile file;
  final Contents contents;
  final DelegateBlobs blobs;
  final SequencedMap<String, ExecutionPlan> getters = new LinkedHashMap<>();
  final SequencedMap<String, Calls> methods = new LinkedHashMap<>();

  private ProgramSide(MappedFile mapped, PteFile file) {
    this.mapped = mapped;
    this.file = file;
    this.contents = new Contents(file);
    this.blobs = new DelegateBlobs(file, file.program().plans());
    for (ExecutionPlan plan : file.program().plans()) {
      if (Getters.isGetter(plan)) {
        getters.put(plan.name(), plan);
      } else {
        methods.put(plan.name(), new Calls(plan, blobs));
      }
    }
  }

  /** Opens a program, or the one inside of a bundled program. */
  static ProgramSide open(Path path) throws IOException {
    MappedFile mapped = MappedFile.open(path);
    try {
      MemoryReader bytes = mapped.reader();
      if (FileFormat.of(bytes) == FileFormat.BPTE) {
        try (BundledProgramFile bundle = BundledProgramFile.of(bytes)) {
          bytes = bundle.program();
        }
      }
      return new ProgramSide(mapped, PteFile.of(bytes));
    } catch (RuntimeException e) {
      mapped.close();
      throw e;
    }
  }

  @Override
  public void close() {
    mapped.close();
  }
}
