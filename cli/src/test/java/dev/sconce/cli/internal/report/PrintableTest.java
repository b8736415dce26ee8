package dev.sconce.cli.internal.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void leavesTextsAsTheyAre() {
    assertThat(Printable.of("aten::add.out é 日本 𝄞")).isEqualTo("aten::add.out é 日本 𝄞");
  }

  @Test
  void spellsOutWhatWouldSteerATerminal() {
    assertThat(Printable.of("a\u001B[31mb\nc\u202Ed\u009B"))
        .isEqualTo("a\\u{1b}[31mb\\nc\\u{202e}d\\u{9b}");
  }

  @Test
  void saysHowMuchWasCutOff() {
    assertThat(Printable.shortened("abcdef", 6)).isEqualTo("abcdef");
    assertThat(Printable.shortened("abcdefg", 6)).isEqualTo("abcdef... (7 characters)");
  }
}
