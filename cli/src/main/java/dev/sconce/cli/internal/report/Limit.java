package dev.sconce.cli.internal.report;

import dev.sconce.cli.internal.report.Section.Rows;

/**
 * How many rows of a table are shown.
 *
 * @param rows the number; 0 for all
 * @param asked whether the user chose the number: it then holds for the tables, too, that are there
 *     to be read as a whole
 */
public record Limit(int rows, boolean asked) {

  int shown(Rows table) {
    int count = table.rows().size();
    return rows == 0 || (table.whole() && !asked) ? count : Math.min(rows, count);
  }

  int omitted(Rows table) {
    return table.rows().size() - shown(table);
  }
}
