package dev.sconce.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The worked example of the guide is the code as it is, and as short as the guide promises. */
final class GuideExampleTest {

  @Test
  void guideShowsTheArchitectureAsItIs() throws IOException {
    String source =
        Files.readString(
            Path.of("src/main/java/dev/sconce/export/architecture/Starcoder2Architecture.java"));
    String shown = source.substring(source.indexOf("/** StarCoder2"));
    assertThat(Files.readString(Path.of("../docs/guide/add-a-model.md"))).contains(shown);
    assertThat(source.lines()).hasSizeLessThan(100);
  }
}
