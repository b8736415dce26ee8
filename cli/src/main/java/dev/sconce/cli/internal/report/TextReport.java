package dev.sconce.cli.internal.report;

import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.Style;
import dev.sconce.cli.internal.Table;
import dev.sconce.cli.internal.report.Section.Notes;
import dev.sconce.cli.internal.report.Section.Pages;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.cli.internal.report.Section.Single;
import java.util.ArrayList;
import java.util.List;

/**
 * A page as text: headings, aligned columns. Tables without rows or title and columns without
 * content or title are left out.
 */
public final class TextReport {

  private static final int INDENT = 2;

  private final Console console;
  private final Limit limit;

  private TextReport(Console console, Limit limit) {
    this.console = console;
    this.limit = limit;
  }

  /** Prints a page. */
  public static void print(Page page, Limit limit, Console console) {
    new TextReport(console, limit).page(page, 0, false);
  }

  private void page(Page page, int indent, boolean inner) {
    line(indent, Style.BOLD, page.title());
    Table facts = Table.plain();
    for (Fact fact : page.facts()) {
      if (!fact.label().isEmpty() && !fact.value().text().isEmpty()) {
        facts.row(fact.label(), Printable.of(fact.value().text()));
      }
    }
    console.print(facts, indent + INDENT);
    for (Section section : page.sections()) {
      section(section, inner ? indent + INDENT : indent);
    }
  }

  private void section(Section section, int indent) {
    switch (section) {
      case Rows rows -> rows(rows, indent);
      case Notes notes -> notes(notes, indent);
      case Single(_, Page single) -> {
        console.line("");
        page(single, indent, false);
      }
      case Pages(_, List<Page> pages) -> {
        for (Page page : pages) {
          console.line("");
          page(page, indent, true);
        }
      }
    }
  }

  private void notes(Notes notes, int indent) {
    if (notes.notes().isEmpty()) {
      return;
    }
    heading(notes.title(), indent);
    for (Section.Note note : notes.notes()) {
      line(indent + INDENT, Style.YELLOW, "! " + note.text());
    }
  }

  private void rows(Rows rows, int indent) {
    if (rows.rows().isEmpty() || rows.title().isEmpty()) {
      return;
    }
    heading(rows.title(), indent);
    List<List<Cell>> shown = rows.rows().subList(0, limit.shown(rows));
    List<Integer> columns = new ArrayList<>();
    for (int i = 0; i < rows.columns().size(); i++) {
      int column = i;
      if (!rows.columns().get(i).title().isEmpty()
          && shown.stream().anyMatch(row -> !row.get(column).text().isEmpty())) {
        columns.add(i);
      }
    }
    Table table =
        Table.of(columns.stream().map(i -> rows.columns().get(i).title()).toArray(String[]::new));
    for (List<Cell> row : shown) {
      table.row(Style.PLAIN, columns.stream().map(i -> Printable.of(row.get(i).text())).toList());
    }
    console.print(table, indent + INDENT);
    int omitted = limit.omitted(rows);
    if (omitted > 0) {
      line(indent + INDENT, Style.DIM, "... and " + omitted + " more (--limit 0 shows all)");
    }
  }

  /** Parts of a page stand below a heading of their own; those of an inner page are indented. */
  private void heading(String title, int indent) {
    console.line("");
    line(indent, indent == 0 ? Style.BOLD : Style.CYAN, title);
  }

  private void line(int indent, Style style, String text) {
    console.line(" ".repeat(indent) + console.styled(style, Printable.of(text)));
  }
}
