package dev.sconce.cli.internal.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A part of a page. */
public sealed interface Section {

  /** Returns the member's name in JSON. */
  String key();

  /**
   * A table: in JSON an array of objects.
   *
   * @param key the member's name in JSON
   * @param title the heading; empty if people do not get the table
   * @param columns the columns
   * @param rows the rows, a cell a column
   * @param whole whether it is to be read as a whole, and not shortened unless the user says so
   */
  record Rows(String key, String title, List<Column> columns, List<List<Cell>> rows, boolean whole)
      implements Section {

    /** Starts a table. */
    public static Builder of(String key, String title, Column... columns) {
      return new Builder(key, title, List.of(columns));
    }
  }

  /**
   * A list of texts: in JSON an array of objects with code and text.
   *
   * @param key the member's name in JSON
   * @param title the heading; only people see it
   * @param notes the notes
   */
  record Notes(String key, String title, List<Note> notes) implements Section {

    /** Copies the list. */
    public Notes {
      notes = List.copyOf(notes);
    }
  }

  /**
   * A remark.
   *
   * @param code a stable word by which scripts know it
   * @param text the remark
   */
  record Note(String code, String text) {}

  /**
   * A page: in JSON an object.
   *
   * @param key the member's name in JSON
   * @param page the page
   */
  record Single(String key, Page page) implements Section {}

  /**
   * Pages about things of one kind: in JSON an array of objects.
   *
   * @param key the member's name in JSON
   * @param pages the pages
   */
  record Pages(String key, List<Page> pages) implements Section {

    /** Copies the list. */
    public Pages {
      pages = List.copyOf(pages);
    }
  }

  /** Collects the rows of a table. */
  final class Builder {

    private final String key;
    private final String title;
    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();
    private boolean whole;

    private Builder(String key, String title, List<Column> columns) {
      this.key = key;
      this.title = title;
      this.columns = columns;
    }

    /** Adds a row, a cell a column. */
    public Builder row(Cell... cells) {
      if (cells.length != columns.size()) {
        throw new IllegalArgumentException(
            "%s: %d cells in %d columns".formatted(key, cells.length, columns.size()));
      }
      rows.add(List.of(cells));
      return this;
    }

    /** Makes it a table that is to be read as a whole. */
    public Builder whole() {
      whole = true;
      return this;
    }

    /** Returns the table. */
    public Rows build() {
      return new Rows(key, title, columns, Collections.unmodifiableList(rows), whole);
    }
  }
}
