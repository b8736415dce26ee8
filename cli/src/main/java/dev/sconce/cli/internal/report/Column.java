package dev.sconce.cli.internal.report;

/**
 * A column of a table.
 *
 * @param key the member's name in JSON; empty if scripts do not get this column
 * @param title the heading of the column, with {@code >} before it if it is aligned right; empty if
 *     people do not get this column
 */
public record Column(String key, String title) {

  /** Returns a column for people and scripts. */
  public static Column of(String key, String title) {
    return new Column(key, title);
  }

  /** Returns a column for scripts only: what people see as part of another column. */
  public static Column json(String key) {
    return new Column(key, "");
  }

  /** Returns a column for people only: what scripts get in several columns. */
  public static Column text(String title) {
    return new Column("", title);
  }
}
