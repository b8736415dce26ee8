package dev.sconce.export.checkpoint;

import dev.sconce.base.ExportException;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonBool;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A {@code config.json} or an object inside it.
 *
 * <p>An absent key and a null are the same, as in transformers. A value of the wrong kind is an
 * {@link ExportException} that names the key.
 */
public final class ModelConfig {

  private final String path;
  private final JsonObject json;

  /**
   * Creates a view of a configuration.
   *
   * @param json the object
   */
  public ModelConfig(JsonObject json) {
    this("", json);
  }

  private ModelConfig(String path, JsonObject json) {
    this.path = path;
    this.json = json;
  }

  /** Returns the object itself. */
  public JsonObject json() {
    return json;
  }

  /** Returns the value of a key, whatever its kind; empty if absent or null. */
  public Optional<JsonValue> find(String key) {
    return json.get(key).filter(value -> value != JsonNull.NULL);
  }

  /** Returns whether a key has a value other than null. */
  public boolean has(String key) {
    return find(key).isPresent();
  }

  /** Returns an integer that must be there. */
  public int integer(String key) {
    return find(key).map(value -> toInt(key, value)).orElseThrow(() -> missing(key));
  }

  /** Returns an integer, or a default. */
  public int integer(String key, int otherwise) {
    return find(key).map(value -> toInt(key, value)).orElse(otherwise);
  }

  /** Returns an integer, if it is there. */
  public OptionalInt optionalInteger(String key) {
    return find(key).stream().mapToInt(value -> toInt(key, value)).findFirst();
  }

  /** Returns a number that must be there. */
  public double number(String key) {
    return find(key).map(value -> toDouble(key, value)).orElseThrow(() -> missing(key));
  }

  /** Returns a number, or a default. */
  public double number(String key, double otherwise) {
    return find(key).map(value -> toDouble(key, value)).orElse(otherwise);
  }

  /** Returns a number, if it is there. */
  public Optional<Double> optionalNumber(String key) {
    return find(key).map(value -> toDouble(key, value));
  }

  /** Returns a boolean, or a default. */
  public boolean bool(String key, boolean otherwise) {
    return find(key)
        .map(
            value -> {
              if (value instanceof JsonBool bool) {
                return bool.value();
              }
              throw wrong(key, "a boolean", value);
            })
        .orElse(otherwise);
  }

  /** Returns a string that must be there. */
  public String string(String key) {
    return optionalString(key).orElseThrow(() -> missing(key));
  }

  /** Returns a string, or a default. */
  public String string(String key, String otherwise) {
    return optionalString(key).orElse(otherwise);
  }

  /** Returns a string, if it is there. */
  public Optional<String> optionalString(String key) {
    return find(key).map(value -> toText(key, value));
  }

  /** Returns an object inside this one, if it is there. */
  public Optional<ModelConfig> object(String key) {
    return find(key)
        .map(
            value -> {
              if (value instanceof JsonObject object) {
                return new ModelConfig(path + key + ".", object);
              }
              throw wrong(key, "an object", value);
            });
  }

  /** Returns a list of strings, if it is there. */
  public Optional<List<String>> strings(String key) {
    return list(key, this::toText);
  }

  /** Returns a list of numbers, if it is there. */
  public Optional<List<Double>> numbers(String key) {
    return list(key, this::toDouble);
  }

  /** Returns a list of integers, if it is there; a single integer is a list of one. */
  public List<Integer> integers(String key) {
    return find(key)
        .map(
            value ->
                value instanceof JsonNumber
                    ? List.of(toInt(key, value))
                    : list(key, this::toInt).orElseThrow())
        .orElse(List.of());
  }

  @FunctionalInterface
  private interface Conversion<T> {
    T convert(String key, JsonValue value);
  }

  private <T> Optional<List<T>> list(String key, Conversion<T> conversion) {
    return find(key)
        .map(
            value -> {
              if (!(value instanceof JsonArray array)) {
                throw wrong(key, "a list", value);
              }
              List<T> items = new ArrayList<>();
              for (int i = 0; i < array.size(); i++) {
                items.add(conversion.convert(key + "[" + i + "]", array.get(i)));
              }
              return items;
            });
  }

  /**
   * Checks that a key has the one value that is supported, or none.
   *
   * @throws ExportException if it has another
   */
  public void requireDefault(String key, Object supported) {
    find(key)
        .ifPresent(
            value -> {
              String found = value instanceof JsonString(String text) ? text : value.toString();
              if (!sameValue(found, supported.toString())) {
                throw unsupported(key, "only " + supported + " is supported");
              }
            });
  }

  private static boolean sameValue(String found, String supported) {
    try {
      return Double.parseDouble(found) == Double.parseDouble(supported);
    } catch (NumberFormatException e) {
      return found.equals(supported);
    }
  }

  /** Returns an exception about the value of a key. */
  public ExportException unsupported(String key, String problem) {
    String value = find(key).map(Object::toString).orElse("absent");
    return new ExportException("config key '" + path + key + "' = " + value, problem);
  }

  private int toInt(String key, JsonValue value) {
    if (value instanceof JsonNumber number) {
      double real = number.asDouble();
      if (real == Math.rint(real) && Math.abs(real) <= Integer.MAX_VALUE) {
        return (int) real;
      }
    }
    throw wrong(key, "an integer of at most 31 bits", value);
  }

  private double toDouble(String key, JsonValue value) {
    if (value instanceof JsonNumber number) {
      return number.asDouble();
    }
    throw wrong(key, "a number", value);
  }

  private String toText(String key, JsonValue value) {
    if (value instanceof JsonString(String text)) {
      return text;
    }
    throw wrong(key, "a string", value);
  }

  private ExportException missing(String key) {
    return new ExportException("config key '" + path + key + "'", "expected a value, found none");
  }

  private ExportException wrong(String key, String expected, JsonValue found) {
    return new ExportException(
        "config key '" + path + key + "'", "expected " + expected + ", found " + found);
  }
}
