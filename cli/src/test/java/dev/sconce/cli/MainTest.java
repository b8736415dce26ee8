package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import dev.sconce.cli.internal.Console;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MainTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return Main.run(Console.of(out, err, false), args);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void showsHelpWithoutArguments() {
    assertThat(run()).isEqualTo(ExitCode.OK);
    assertThat(out()).startsWith("Usage: sconce").contains("info").contains("./sconce test");
    assertThat(err()).isEmpty();
  }

  @Test
  void showsTheVersionOfTheBuild() {
    assertThat(run("--version")).isEqualTo(ExitCode.OK);
    assertThat(out()).matches("sconce \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }

  @Test
  void everySubcommandHasHelp() {
    assertThat(run("info", "--help")).isEqualTo(ExitCode.OK);
    assertThat(out()).startsWith("Usage: sconce info").contains("--json").contains("--debug");
  }

  @Test
  void wrongSubcommandIsAUsageErrorOnStandardError() {
    assertThat(run("imfo")).isEqualTo(ExitCode.USAGE);
    assertThat(out()).isEmpty();
    assertThat(err()).contains("imfo").contains("info").contains("sconce --help");
  }

  @Test
  void wrongOptionNamesTheSubcommandsHelp() {
    assertThat(run("info", "--jason")).isEqualTo(ExitCode.USAGE);
    assertThat(err()).contains("--jason").contains("sconce info --help");
  }

  @Test
  void infoPrintsOneJsonDocument() {
    assertThat(run("info", "--json")).isEqualTo(ExitCode.OK);
    JsonObject info = Json.parseObject("info", out());
    assertThat(info.integer("processors").orElseThrow()).isPositive();
    assertThat(info.bool("vectorModule")).isPresent();
  }
}
