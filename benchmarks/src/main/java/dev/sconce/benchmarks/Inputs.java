package dev.sconce.benchmarks;

import java.nio.file.Path;

/** Where benchmarks find what they work on. */
final class Inputs {

  /** The system property that names the folder which interop/bench_tokenizers.py fills. */
  static final String FOLDER = "sconce.benchmarks.tokenizers";

  private Inputs() {}

  static Path tokenizer(String name) {
    return folder().resolve(name + ".json");
  }

  static Path text(String name) {
    return folder().resolve(name + ".txt");
  }

  private static Path folder() {
    String folder = System.getProperty(FOLDER);
    if (folder == null) {
      throw new IllegalStateException(
          "run interop/bench_tokenizers.py, or name its folder with -D" + FOLDER);
    }
    return Path.of(folder);
  }
}
