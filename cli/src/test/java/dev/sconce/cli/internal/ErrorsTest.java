package dev.sconce.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.ExecutionFailedException;
import dev.sconce.base.ExportException;
import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.UnsupportedProgramException;
import dev.sconce.cli.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorsTest {

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Errors errors = new Errors(Console.of(new ByteArrayOutputStream(), err, false));

  static Stream<Arguments> problems() {
    return Stream.of(
        Arguments.of(
            new MalformedFileException("a.pte", 16, "version", "0", "7"),
            ExitCode.BAD_FILE,
            "sconce: a.pte at byte 16 (0x10), version: expected 0, found 7"),
        Arguments.of(
            new UnsupportedProgramException("a.pte", List.of("aten::foo.out")),
            ExitCode.BAD_FILE,
            "aten::foo.out"),
        Arguments.of(
            new ExportException("model_type", "unknown 'x'"), ExitCode.BAD_FILE, "model_type"),
        Arguments.of(
            new InvalidInputException("inspect", "--method", "forward", "x"),
            ExitCode.USAGE,
            "--method"),
        Arguments.of(
            new ExecutionFailedException("forward", 3, "aten::add.out", "shapes differ"),
            ExitCode.CHECK_FAILED,
            "instruction 3"),
        Arguments.of(
            new NoSuchFileException("a.pte"), ExitCode.BAD_FILE, "a.pte: no such file or folder"),
        Arguments.of(
            new UncheckedIOException(new AccessDeniedException("b.pte")),
            ExitCode.BAD_FILE,
            "b.pte: permission denied"),
        Arguments.of(new IOException("disk full"), ExitCode.BAD_FILE, "disk full"),
        Arguments.of(new OutOfMemoryError("Java heap space"), ExitCode.INTERNAL, "-Xmx"),
        Arguments.of(new IllegalStateException("oops"), ExitCode.INTERNAL, "This is a bug"));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void everyProblemIsAParagraphAndAnExitCode(Throwable problem, int code, String text) {
    assertThat(errors.report(problem, false)).isEqualTo(code);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("sconce: ")
        .contains(text)
        .doesNotContain("\tat ");
  }

  @Test
  void debugShowsTheStackTrace() {
    assertThat(errors.report(new NoSuchFileException("a.pte"), true)).isEqualTo(ExitCode.BAD_FILE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("\tat ").contains("a.pte");
  }
}
