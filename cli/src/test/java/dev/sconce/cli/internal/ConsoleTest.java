package dev.sconce.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {

  @Test
  void coloursNeedATerminalAndNobodyWhoForbidsThem() {
    assertThat(Console.wantsColour(true, Map.of())).isTrue();
    assertThat(Console.wantsColour(false, Map.of())).isFalse();
    assertThat(Console.wantsColour(true, Map.of("NO_COLOR", "1"))).isFalse();
    assertThat(Console.wantsColour(true, Map.of("NO_COLOR", ""))).isTrue();
    assertThat(Console.wantsColour(true, Map.of("TERM", "dumb"))).isFalse();
  }

  @Test
  void plainConsolesCarryNoControlSequences() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console console = Console.of(out, new ByteArrayOutputStream(), false);
    console.heading("Häuser");
    console.line(console.styled(Style.RED, "rot"));
    assertThat(out.toString(StandardCharsets.UTF_8).lines()).containsExactly("", "Häuser", "rot");
  }
}
