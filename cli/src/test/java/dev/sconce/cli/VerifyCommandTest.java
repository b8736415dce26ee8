package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {

  @TempDir private Path folder;
  private Path program = Path.of("");

  @BeforeEach
  void export() {
    program = folder.resolve("model.pte");
    Path checkpoint = Path.of("..", "export", "src", "test", "resources", "checkpoints", "gpt2");
    CommandRun done = CommandRun.of("export", checkpoint.toString(), "-o", program.toString());
    assertThat(done.exitCode()).as(done.err()).isEqualTo(ExitCode.OK);
  }

  @Test
  void runsTheTestsOfAProgram() {
    CommandRun verified = CommandRun.of("verify", program.toString());
    assertThat(verified.exitCode()).as(verified.out()).isEqualTo(ExitCode.OK);
    assertThat(verified.out())
        .contains("PASS model.pte: content ", "PASS model.pte: forward ")
        .containsPattern("(\\d+) of \\1 passed");
  }

  @Test
  void namesWhatIsDamaged() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(program.toFile(), "rw")) {
      // Far behind the table and the graphs, among the weights.
      file.seek(Files.size(program) / 2);
      int old = file.read();
      file.seek(Files.size(program) / 2);
      file.write(old ^ 0x10);
    }
    CommandRun verified = CommandRun.of("verify", program.toString());
    assertThat(verified.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(verified.out()).contains("FAIL model.pte: content/", "expected sha256 ", "found ");

    CommandRun json = CommandRun.of("verify", program.toString(), "--json");
    assertThat(json.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(json.out())
        .contains("\"ok\": false", "\"passed\": false", "\"name\": \"model.pte: content/table\"");
  }

  @Test
  void bundlesTheTests() {
    Path bundle = folder.resolve("model.bpte");
    CommandRun bundled =
        CommandRun.of("bundle", program.toString(), "-o", bundle.toString(), "--json");
    assertThat(bundled.exitCode()).as(bundled.err()).isEqualTo(ExitCode.OK);
    assertThat(bundled.out()).contains("\"calls\": ");
    CommandRun verified = CommandRun.of("verify", bundle.toString());
    assertThat(verified.exitCode()).as(verified.out()).isEqualTo(ExitCode.OK);
    assertThat(verified.out()).contains("forward case 0");
  }

  @Test
  void refusesTolerancesThatAreNone() {
    for (String wrong : new String[] {"--rtol=-1", "--atol=-1e-9", "--rtol=NaN"}) {
      CommandRun run = CommandRun.of("verify", program.toString(), wrong);
      assertThat(run.exitCode()).as(wrong).isEqualTo(ExitCode.USAGE);
      assertThat(run.err()).contains("--rtol, --atol", "at least 0");
    }
  }

  @Test
  void nothingIsWrittenOverWhatIsRead() throws IOException {
    byte[] before = Files.readAllBytes(program);
    String file = program.toString();
    Path checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
    Path config = Files.writeString(checkpoint.resolve("config.json"), "{}");

    for (CommandRun run :
        new CommandRun[] {
          CommandRun.of("bundle", file, "-o", file),
          CommandRun.of("run", file, "--etdump", file),
          CommandRun.of("export", checkpoint.toString(), "-o", config.toString()),
          CommandRun.of("export", checkpoint.toString(), "-o", "new.pte", "--bundle", "new.pte"),
          CommandRun.of("export", checkpoint.toString(), "-o", checkpoint.toString()),
          CommandRun.of("export", checkpoint.toString(), "-o", "no/such/folder/model.pte")
        }) {
      assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.USAGE);
      assertThat(run.err()).containsPattern("--(output|etdump|bundle): expected a");
    }
    assertThat(program).hasBinaryContent(before);
    assertThat(config).hasContent("{}");
  }

  @Test
  void saysThatAProgramHasNoTests() {
    Path checkpoint = Path.of("..", "export", "src", "test", "resources", "checkpoints", "gpt2");
    Path bare = folder.resolve("bare.pte");
    assertThat(
            CommandRun.of("export", checkpoint.toString(), "-o", bare.toString(), "--no-self-tests")
                .exitCode())
        .isEqualTo(ExitCode.OK);
    CommandRun verified = CommandRun.of("verify", bare.toString());
    assertThat(verified.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(verified.err()).contains("self_test_blob");
    CommandRun both =
        CommandRun.of(
            "export",
            checkpoint.toString(),
            "-o",
            bare.toString(),
            "--no-self-tests",
            "--bundle",
            folder.resolve("x.bpte").toString());
    assertThat(both.exitCode()).isEqualTo(ExitCode.USAGE);
  }
}
