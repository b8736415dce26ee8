package dev.sconce.format.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.format.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFixturesTest {

  @TempDir private Path folder;

  @Test
  void everyFileIsTheSameWhenWrittenAgain() throws IOException {
    List<Path> files = Fixtures.files(".safetensors");
    assertThat(files).isNotEmpty();
    Path again = folder.resolve("again.safetensors");
    for (Path file : files) {
      SafetensorsFilesTest.rewrite(file, again);
      assertThat(again).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void everyIndexLeadsToItsTensors() throws IOException {
    List<Path> files = Fixtures.files(".safetensors.index.json");
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      try (SafetensorsCheckpoint checkpoint = SafetensorsCheckpoint.open(file)) {
        assertThat(checkpoint.names()).isNotEmpty();
        for (String name : checkpoint.names()) {
          assertThat(checkpoint.data(name).byteSize()).isEqualTo(checkpoint.info(name).byteSize());
        }
      }
    }
  }
}
