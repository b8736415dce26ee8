package org.example.sconce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.export.Export;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every example runs and prints what it says. */
class ExamplesTest {

  @TempDir private static Path folder;

  private static String model = "";

  @BeforeAll
  static void export() throws IOException {
    Path checkpoint =
        Path.of("..", "export", "src", "test", "resources", "checkpoints", "llama_bf16_sharded");
    Path file = folder.resolve("model.pte");
    Export.from(checkpoint).maxSequenceLength(64).to(file);
    model = file.toString();
  }

  private interface Main {
    void run() throws IOException;
  }

  private static String output(Main main) throws IOException {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      main.run();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void streamsText() throws IOException {
    assertThat(output(() -> StreamText.main(new String[] {model, "Once"}))).contains("tokens/s");
  }

  @Test
  void talks() throws IOException {
    assertThat(output(() -> ChatTurns.main(new String[] {model, "Hi", "Why?"})))
        .contains("> Hi\n", "> Why?\n");
  }

  @Test
  void keepsToDigits() throws IOException {
    assertThat(output(() -> OnlyDigits.main(new String[] {model, "1+1="})).strip())
        .matches("[0-9]{5}");
  }

  @Test
  void continuesSeveralPrompts() throws IOException {
    assertThat(output(() -> Batch.main(new String[] {model, "One", "Two, and more"})))
        .contains("One → ", "Two, and more → ");
  }

  @Test
  void runsAProgramWithACacheOfItsOwn() throws IOException {
    String file = folder.resolve("own.pte").toString();
    assertThat(output(() -> OwnCache.main(new String[] {file})).strip())
        .matches("\\[\\d+(, \\d+){5}\\]");
  }
}
