package dev.sconce.text.internal.json;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonBool;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of a JSON object, read with errors that name file and path. */
public final class Fields {

  private final String file;
  private final String path;
  private final JsonObject object;

  /** Creates a reader of an object that stands at a path. */
  public Fields(String file, String path, JsonObject object) {
    this.file = file;
    this.path = path;
    this.object = object;
  }

  /** Returns a reader of a value, which must be an object. */
  public static Fields of(String file, String path, JsonValue value) {
    if (value instanceof JsonObject object) {
      return new Fields(file, path, object);
    }
    throw new MalformedFileException(file, -1, path, "an object", describe(value));
  }

  /** Returns the file's name. */
  public String file() {
    return file;
  }

  /** Returns the path of the object. */
  public String path() {
    return path;
  }

  /** Returns the path of a member. */
  public String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Returns an error about a member. */
  public MalformedFileException error(String name, String expected, String found) {
    return new MalformedFileException(file, -1, path(name), expected, found);
  }

  /** Checks that there are no members but the named ones. */
  public Fields only(String... names) {
    Set<String> known = Set.of(names);
    for (String name : object.members().keySet()) {
      if (!known.contains(name)) {
        throw error(
            name, "one of the options " + List.of(names), "the unknown option '" + name + "'");
      }
    }
    return this;
  }

  /** Returns whether a member is present and not null. */
  public boolean has(String name) {
    return find(name) != null;
  }

  /** Returns a member, or null if it is absent or null. */
  public @Nullable JsonValue find(String name) {
    JsonValue value = object.get(name).orElse(JsonNull.NULL);
    return value == JsonNull.NULL ? null : value;
  }

  /** Returns a member that must be there. */
  public JsonValue get(String name, String expected) {
    JsonValue value = find(name);
    if (value == null) {
      throw error(name, expected, object.has(name) ? "null" : "nothing");
    }
    return value;
  }

  /** Returns a string that must be there. */
  public String string(String name) {
    if (get(name, "a string") instanceof JsonString(String value)) {
      return value;
    }
    throw error(name, "a string", describe(get(name, "a string")));
  }

  /** Returns a string of one character that must be there. */
  public String character(String name) {
    String value = string(name);
    if (value.codePointCount(0, value.length()) != 1) {
      throw error(name, "one character", "'" + value + "'");
    }
    return value;
  }

  /** Returns a string, or null if it is absent or null. */
  public @Nullable String stringOrNull(String name) {
    return has(name) ? string(name) : null;
  }

  /** Returns a boolean that must be there. */
  public boolean bool(String name) {
    if (get(name, "a boolean") instanceof JsonBool value) {
      return value.value();
    }
    throw error(name, "a boolean", describe(get(name, "a boolean")));
  }

  /** Returns a boolean, or a default if it is absent or null. */
  public boolean bool(String name, boolean fallback) {
    return has(name) ? bool(name) : fallback;
  }

  /** Returns an integer of a range that must be there. */
  public int integer(String name, int min, int max) {
    String expected = "an integer from " + min + " to " + max;
    JsonValue value = get(name, expected);
    if (value instanceof JsonNumber number && number.asLong().isPresent()) {
      long n = number.asLong().getAsLong();
      if (n >= min && n <= max) {
        return (int) n;
      }
      throw error(name, expected, Long.toString(n));
    }
    throw error(name, expected, describe(value));
  }

  /** Returns an integer of a range, or a default if it is absent or null. */
  public int integer(String name, int min, int max, int fallback) {
    return has(name) ? integer(name, min, max) : fallback;
  }

  /** Returns a number, or a default if it is absent or null. */
  public double number(String name, double fallback) {
    JsonValue value = find(name);
    if (value == null) {
      return fallback;
    }
    if (value instanceof JsonNumber number) {
      return number.asDouble();
    }
    throw error(name, "a number", describe(value));
  }

  /** Returns an object that must be there. */
  public Fields object(String name) {
    return of(file, path(name), get(name, "an object"));
  }

  /** Returns the elements of an array that must be there. */
  public List<JsonValue> array(String name) {
    JsonValue value = get(name, "an array");
    if (value instanceof JsonArray(List<JsonValue> values)) {
      return values;
    }
    throw error(name, "an array", describe(value));
  }

  /** Returns the elements of an array of objects that must be there. */
  public List<Fields> objects(String name) {
    List<Fields> list = new ArrayList<>();
    List<JsonValue> values = array(name);
    for (int i = 0; i < values.size(); i++) {
      list.add(of(file, path(name) + "[" + i + "]", values.get(i)));
    }
    return list;
  }

  /** Returns the value of an enumeration by its name in the file. */
  public <E extends Enum<E>> E oneOf(String name, Class<E> type, List<String> names) {
    String value = string(name);
    int i = names.indexOf(value);
    if (i < 0) {
      throw error(name, "one of " + names, "'" + value + "'");
    }
    return type.getEnumConstants()[i];
  }

  /** Returns the members in order. */
  public JsonObject object() {
    return object;
  }

  /** Describes a value for a message. */
  public static String describe(JsonValue value) {
    return switch (value) {
      case JsonString(String s) -> "the string '" + s + "'";
      case JsonNumber number -> "the number " + number;
      case JsonBool bool -> bool.toString();
      default -> "a JSON " + value.kind();
    };
  }
}
