package dev.sconce.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the committed tokenizer folders: what the original libraries gave for a few hundred texts.
 */
class TokenizerVectorsTest {

  static List<Path> folders() throws URISyntaxException {
    return Vectors.folders(root());
  }

  static Path root() throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(TokenizerVectorsTest.class.getResource("/tokenizers")).toURI());
  }

  @ParameterizedTest
  @MethodSource("folders")
  void givesExactlyTheVectors(Path folder) {
    assertThat(new Vectors(folder).run()).isEmpty();
  }
}
