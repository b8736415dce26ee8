package dev.sconce.cli.internal.diff;

import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Column;
import dev.sconce.cli.internal.report.Printable;
import dev.sconce.cli.internal.report.Section;
import dev.sconce.cli.internal.report.Section.Rows;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what is different: a row each, with what either program has there. */
final class Differences {

  private static final int SHOWN = 60;

  private final Section.Builder rows =
      Rows.of(
          "differences",
          "differences",
          Column.of("area", "area"),
          Column.of("where", "where"),
          Column.of("a", "A"),
          Column.of("b", "B"));
  private int count;

  /** Notes a difference; null stands for something that is not there. */
  void add(String area, String where, @Nullable String a, @Nullable String b) {
    rows.row(Cell.of(area), Cell.of(where), side(a), side(b));
    count++;
  }

  private static Cell side(@Nullable String text) {
    return text == null
        ? Cell.none().shown("-")
        : Cell.of(text).shown(Printable.shortened(text, SHOWN));
  }

  /** Notes a difference if there is one. */
  void compare(String area, String where, @Nullable String a, @Nullable String b) {
    if (!Objects.equals(a, b)) {
      add(area, where, a, b);
    }
  }

  /** Notes where two maps differ. */
  void compare(String area, String wherePrefix, Map<String, String> a, Map<String, String> b) {
    Set<String> keys = new LinkedHashSet<>(a.keySet());
    keys.addAll(b.keySet());
    for (String key : keys) {
      compare(area, wherePrefix + key, a.get(key), b.get(key));
    }
  }

  int count() {
    return count;
  }

  Rows rows() {
    return rows.build();
  }
}
