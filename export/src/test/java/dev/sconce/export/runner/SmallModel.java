package dev.sconce.export.runner;

import dev.sconce.export.Export;
import dev.sconce.export.Goldens;
import java.io.IOException;
import java.nio.file.Path;

/** Programs of the committed checkpoints, of which two have a tokenizer and a chat template. */
final class SmallModel {

  private static final int CONTEXT = 64;

  private SmallModel() {}

  /** Exports a committed checkpoint into a folder, and returns the program. */
  static Path export(String name, Path folder) throws IOException {
    Path file = folder.resolve(name + ".pte");
    Export.from(Goldens.committed(name)).maxSequenceLength(CONTEXT).to(file);
    return file;
  }
}
