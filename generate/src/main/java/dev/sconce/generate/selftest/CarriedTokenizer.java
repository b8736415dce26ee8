package dev.sconce.generate.selftest;

import dev.sconce.generate.resource.ModelResources;
import dev.sconce.text.Tokenizer;
import java.util.Optional;
import java.util.SequencedMap;

/** The tokenizer that a program carries. */
public final class CarriedTokenizer {

  private CarriedTokenizer() {}

  /** Returns it, if there is one. */
  public static Optional<Tokenizer> of(ModelResources resources) {
    SequencedMap<String, byte[]> files = resources.tokenizerFiles();
    return files.isEmpty() ? Optional.empty() : Optional.of(Tokenizer.read("tokenizer", files));
  }
}
