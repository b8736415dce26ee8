package dev.sconce.cli.internal.report;

import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.cli.internal.report.Section.Note;
import dev.sconce.cli.internal.report.Section.Notes;
import dev.sconce.cli.internal.report.Section.Pages;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.cli.internal.report.Section.Single;
import java.util.ArrayList;
import java.util.List;

/**
 * A page as JSON. Every member is always there, whatever the file; an array that the limit shortens
 * has a member beside it, its name with {@code Omitted}, which says by how much.
 */
public final class JsonReport {

  private final Limit limit;

  private JsonReport(Limit limit) {
    this.limit = limit;
  }

  /** Returns a page as an object. */
  public static JsonObject of(Page page, Limit limit) {
    return new JsonReport(limit).object(page);
  }

  private JsonObject object(Page page) {
    JsonObject.Builder object = JsonObject.builder();
    page.facts().forEach(fact -> object.put(fact.key(), fact.value().json()));
    for (Section section : page.sections()) {
      switch (section) {
        case Rows rows -> rows(rows, object);
        case Notes notes -> object.put(notes.key(), notes(notes));
        case Single(String key, Page single) -> object.put(key, object(single));
        case Pages(String key, List<Page> pages) ->
            object.put(key, new JsonArray(pages.stream().map(p -> (JsonValue) object(p)).toList()));
      }
    }
    return object.build();
  }

  private void rows(Rows rows, JsonObject.Builder into) {
    List<JsonValue> array = new ArrayList<>();
    for (List<Cell> row : rows.rows().subList(0, limit.shown(rows))) {
      JsonObject.Builder object = JsonObject.builder();
      for (int i = 0; i < row.size(); i++) {
        String key = rows.columns().get(i).key();
        if (!key.isEmpty()) {
          object.put(key, row.get(i).json());
        }
      }
      array.add(object.build());
    }
    into.put(rows.key(), new JsonArray(array));
    if (limit.omitted(rows) > 0) {
      into.put(rows.key() + "Omitted", limit.omitted(rows));
    }
  }

  private static JsonArray notes(Notes notes) {
    List<JsonValue> array = new ArrayList<>();
    for (Note note : notes.notes()) {
      array.add(JsonObject.builder().put("code", note.code()).put("text", note.text()).build());
    }
    return new JsonArray(array);
  }
}
