package dev.sconce.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void alignsTextLeftAndNumbersRight() {
    Table table = Table.of("name", ">bytes", "kind").row("a", "5", "x").row("longer", "12345", "y");
    assertThat(table.lines(false))
        .containsExactly("name    bytes  kind", "a           5  x", "longer  12345  y");
  }

  @Test
  void stylesDoNotDisturbTheAlignment() {
    Table table = Table.plain().row(Style.RED, List.of("no", "1")).row("maybe", "2");
    assertThat(table.lines(true))
        .containsExactly("\u001B[31mno\u001B[0m     \u001B[31m1\u001B[0m", "maybe  2");
  }

  @Test
  void shortRowsAndSupplementaryCharactersKeepTheColumns() {
    Table table = Table.plain().row("𝄞", "clef").row("alone").row("", "second");
    assertThat(table.lines(false)).containsExactly("𝄞      clef", "alone", "       second");
  }

  @Test
  void anEmptyTableHasNoLines() {
    assertThat(Table.plain().lines(true)).isEmpty();
  }
}
