package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import dev.sconce.cli.internal.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** One run of the command line, with what it printed. */
record CommandRun(int exitCode, String out, String err) {

  static CommandRun of(String... args) {
    return of(false, args);
  }

  static CommandRun of(boolean coloured, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode = Main.run(Console.of(out, err, coloured), args);
    return new CommandRun(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Copies a file of the test resources into a folder. */
  static Path fixture(Path folder, String name) {
    try (InputStream in = CommandRun.class.getResourceAsStream("inspect/" + name)) {
      assertThat(in).as(name).isNotNull();
      Path file = folder.resolve(name);
      Files.copy(in, file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CommandRun succeeds() {
    assertThat(err).isEmpty();
    assertThat(exitCode).isEqualTo(ExitCode.OK);
    return this;
  }

  JsonObject json() {
    return Json.parseObject("output", out);
  }
}
