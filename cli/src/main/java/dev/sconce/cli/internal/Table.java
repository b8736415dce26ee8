package dev.sconce.cli.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of cells in aligned columns, two spaces apart. The last column of a row is not padded.
 *
 * <p>Not thread-safe.
 */
public final class Table {

  private static final String GAP = "  ";

  private enum Align {
    LEFT,
    RIGHT
  }

  private record Row(List<String> cells, Style style) {}

  private final List<Align> columns;
  private final List<Row> rows = new ArrayList<>();

  private Table(List<Align> columns) {
    this.columns = columns;
  }

  /** Returns a table without a header, all columns aligned left. */
  public static Table plain() {
    return new Table(List.of());
  }

  /**
   * Returns a table with a header.
   *
   * @param titles the titles of the columns; one that starts with {@code >} is for numbers, aligned
   *     right
   */
  public static Table of(String... titles) {
    Table table =
        new Table(
            Arrays.stream(titles)
                .map(title -> title.startsWith(">") ? Align.RIGHT : Align.LEFT)
                .toList());
    return table.row(
        Style.BOLD,
        Arrays.stream(titles).map(t -> t.startsWith(">") ? t.substring(1) : t).toList());
  }

  /** Adds a row. */
  public Table row(String... cells) {
    return row(Style.PLAIN, List.of(cells));
  }

  /** Adds a row in a style. */
  public Table row(Style style, List<String> cells) {
    rows.add(new Row(List.copyOf(cells), style));
    return this;
  }

  /** Returns the lines of the table. */
  List<String> lines(boolean coloured) {
    int[] widths = widths();
    List<String> lines = new ArrayList<>(rows.size());
    for (Row row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.cells().size(); i++) {
        String cell = row.cells().get(i);
        int padding = widths[i] - width(cell);
        boolean right = i < columns.size() && columns.get(i) == Align.RIGHT;
        boolean last = i == row.cells().size() - 1;
        line.append(i == 0 ? "" : GAP)
            .repeat(' ', right ? padding : 0)
            .append(coloured ? row.style().apply(cell) : cell)
            .repeat(' ', right || last ? 0 : padding);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private int[] widths() {
    int columnCount = rows.stream().mapToInt(row -> row.cells().size()).max().orElse(0);
    int[] widths = new int[columnCount];
    for (Row row : rows) {
      for (int i = 0; i < row.cells().size(); i++) {
        widths[i] = Math.max(widths[i], width(row.cells().get(i)));
      }
    }
    return widths;
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
