package dev.sconce.cli.internal.report;

import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonBool;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.cli.internal.HumanSize;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One piece of information.
 *
 * @param text as people read it; empty where there is nothing to say
 * @param json as scripts read it
 */
public record Cell(String text, JsonValue json) {

  private static final Cell NONE = new Cell("", JsonNull.NULL);

  /** Returns a cell without content. */
  public static Cell none() {
    return NONE;
  }

  /** Returns a text; null is {@link #none}. */
  public static Cell of(@Nullable String text) {
    return text == null ? NONE : new Cell(text, new JsonString(text));
  }

  /** Returns an integer. */
  public static Cell of(long number) {
    return new Cell(Long.toString(number), JsonNumber.of(number));
  }

  /** Returns a number; JSON gets NaN and infinities as strings. */
  public static Cell of(double number) {
    return new Cell(
        Double.toString(number),
        Double.isFinite(number) ? JsonNumber.of(number) : new JsonString(Double.toString(number)));
  }

  /** Returns a number of bytes: with a unit for people, plain for scripts. */
  public static Cell bytes(long size) {
    return new Cell(HumanSize.of(size), JsonNumber.of(size));
  }

  /** Returns a truth value. */
  public static Cell of(boolean flag) {
    return new Cell(flag ? "yes" : "no", JsonBool.of(flag));
  }

  /** Returns a truth value that people see only if it is true, as the given words. */
  public static Cell flag(boolean flag, String words) {
    return new Cell(flag ? words : "", JsonBool.of(flag));
  }

  /** Returns a list of numbers. */
  public static Cell numbers(List<? extends Number> numbers) {
    List<JsonValue> json = new ArrayList<>(numbers.size());
    numbers.forEach(number -> json.add(JsonNumber.of(number.longValue())));
    return new Cell(
        numbers.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]")),
        new JsonArray(json));
  }

  /** Returns a list of texts. */
  public static Cell texts(List<String> texts) {
    List<JsonValue> json = new ArrayList<>(texts.size());
    texts.forEach(text -> json.add(new JsonString(text)));
    return new Cell(String.join(", ", texts), new JsonArray(json));
  }

  /** Returns the same information for scripts, in other words for people. */
  public Cell shown(String newText) {
    return new Cell(newText, json);
  }
}
