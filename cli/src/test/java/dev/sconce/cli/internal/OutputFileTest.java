package dev.sconce.cli.internal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {

  @TempDir private Path folder;

  private static void refused(Path output, String part, Path... inputs) {
    assertThatThrownBy(() -> OutputFile.check("cook", "--output", output, inputs))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll("cook", "--output", part, output.toString());
  }

  @Test
  void takesANewFileAndOneThatIsNotRead() throws IOException {
    Path old = Files.writeString(folder.resolve("old"), "a");
    Path input = Files.writeString(folder.resolve("in"), "b");

    assertThatCode(() -> OutputFile.check("cook", "--output", folder.resolve("new"), input))
        .doesNotThrowAnyException();
    assertThatCode(() -> OutputFile.check("cook", "--output", old, input))
        .doesNotThrowAnyException();
    assertThatCode(() -> OutputFile.check("cook", "--output", folder.resolve("new"), folder))
        .as("a new file in the folder that is read")
        .doesNotThrowAnyException();
    Path program = Files.writeString(folder.resolve("model.pte"), "c");
    assertThatCode(() -> OutputFile.check("cook", "--output", program, folder))
        .as("what an earlier run left beside a checkpoint")
        .doesNotThrowAnyException();
  }

  @Test
  void refusesFoldersAndFilesInNone() {
    refused(folder, "a folder");
    refused(folder.resolve("none").resolve("out"), "a folder that exists");
  }

  @Test
  void refusesToWriteOverWhatIsRead() throws IOException {
    Path input = Files.writeString(folder.resolve("in"), "b");
    Path link = Files.createSymbolicLink(folder.resolve("link"), input);

    refused(input, "another file", input);
    refused(folder.resolve(".").resolve("in"), "another file", input);
    refused(link, "another file", input);
    refused(input, "another file", folder);
  }

  @Test
  void refusesTheNameOfAnotherFileToBeWritten() {
    Path output = folder.resolve("out");

    refused(output, "another file", output);
  }
}
