package dev.sconce.runtime.verify;

import dev.sconce.format.bpte.BundledProgram;
import dev.sconce.format.bpte.BundledProgramFile;
import dev.sconce.runtime.LoadOptions;
import dev.sconce.runtime.Program;
import dev.sconce.runtime.PteModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A program, out of a file of its own or out of a bundle, with one set of arenas. */
final class LoadedProgram implements AutoCloseable {

  private final PteModule module;
  private final @Nullable BundledProgramFile bundle;

  private LoadedProgram(PteModule module, @Nullable BundledProgramFile bundle) {
    this.module = module;
    this.bundle = bundle;
  }

  static LoadedProgram open(Path file, Optional<Path> data, LoadOptions given) throws IOException {
    // The runtime that recorded the answers gives all methods of a program one set of arenas.
    LoadOptions shared = given.withSharedArenas();
    LoadOptions options = data.map(path -> shared.withData(path)).orElse(shared);
    if (!file.toString().endsWith(".bpte")) {
      return new LoadedProgram(PteModule.load(file, options), null);
    }
    BundledProgramFile bundle = BundledProgramFile.open(file);
    try {
      Program program = Program.of(bundle.program().file(), bundle.program().memory(), options);
      return new LoadedProgram(PteModule.of(program), bundle);
    } catch (IOException | RuntimeException e) {
      bundle.close();
      throw e;
    }
  }

  PteModule module() {
    return module;
  }

  /** The tests that came with the program. */
  List<BundledProgram.Suite> suites() {
    return bundle == null ? List.of() : bundle.bundle().suites();
  }

  @Override
  public void close() {
    module.close();
    module.program().close();
    if (bundle != null) {
      bundle.close();
    }
  }
}
