package dev.sconce.base.json;

import dev.sconce.base.MalformedFileException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * A strict pull reader of one JSON document.
 *
 * <p>Large files are read value by value without building a tree: {@code beginObject}, {@code
 * nextName} while {@code hasNext}, {@code endObject}, and so on. Any part can be read as a {@link
 * JsonValue} with {@link #nextValue}. Every deviation from RFC 8259 is a {@link
 * MalformedFileException} that names line and column.
 *
 * <pre>{@code
 * reader.beginObject();
 * while (reader.hasNext()) {
 *   switch (reader.nextName()) {
 *     case "vocab" -> readVocabulary(reader);
 *     default -> reader.skipValue();
 *   }
 * }
 * }</pre>
 *
 * <p>{@code hasNext} is called once for each element. A reader that is asked for something else
 * than what stands next reports the document as malformed. Not thread-safe.
 */
public final class JsonReader {

  /** What stands next in a document. */
  public enum Token {
    /** An object. */
    OBJECT,
    /** An array. */
    ARRAY,
    /** A string. */
    STRING,
    /** A number. */
    NUMBER,
    /** A boolean. */
    BOOLEAN,
    /** A null. */
    NULL,
    /** The closing bracket of the object or array that is being read. */
    CLOSE,
    /** The end of the document. */
    END
  }

  private static final byte IN_ARRAY = 1;
  private static final byte IN_OBJECT = 2;

  private final JsonScanner scanner;
  private final JsonLimits limits;
  private byte[] kinds = new byte[16];
  private boolean[] started = new boolean[16];
  private int depth;
  private int values;

  /** The elements of the arrays that are being read, innermost last. */
  private JsonValue[] elements = new JsonValue[16];

  private int elementCount;

  private JsonReader(JsonScanner scanner, JsonLimits limits) {
    this.scanner = scanner;
    this.limits = limits;
  }

  /**
   * Returns a reader of a document.
   *
   * @param file the name that errors show
   * @param utf8 the document; it must not change while it is read
   */
  public static JsonReader of(String file, byte[] utf8, JsonLimits limits) {
    return new JsonReader(new JsonScanner(file, utf8, limits), limits);
  }

  /** Returns what stands next, without consuming it. */
  public Token peek() {
    int next = scanner.peek();
    return switch (next) {
      case '{' -> Token.OBJECT;
      case '[' -> Token.ARRAY;
      case '"' -> Token.STRING;
      case 't', 'f' -> Token.BOOLEAN;
      case 'n' -> Token.NULL;
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> Token.NUMBER;
      case '}', ']' -> Token.CLOSE;
      case JsonScanner.END -> Token.END;
      default -> {
        if (limits.acceptNonFinite() && (next == 'N' || next == 'I')) {
          yield Token.NUMBER;
        }
        throw error("a JSON value");
      }
    };
  }

  /** Enters the object that stands next. */
  public void beginObject() {
    begin('{', "an object", IN_OBJECT);
  }

  /** Enters the array that stands next. */
  public void beginArray() {
    begin('[', "an array", IN_ARRAY);
  }

  private void begin(char bracket, String what, byte kind) {
    if (scanner.peek() == bracket && depth >= limits.maxDepth()) {
      throw error("at most " + limits.maxDepth() + " levels of nesting");
    }
    expect(bracket, what);
    if (depth == kinds.length) {
      kinds = Arrays.copyOf(kinds, depth * 2);
      started = Arrays.copyOf(started, depth * 2);
    }
    kinds[depth] = kind;
    started[depth] = false;
    depth++;
  }

  /**
   * Moves to the next member or element of the object or array being read, and returns whether
   * there is one; leaves the object or array if not.
   *
   * @throws IllegalStateException if neither an object nor an array is being read
   */
  public boolean hasNext() {
    if (depth == 0) {
      throw new IllegalStateException("hasNext() outside of an object or array");
    }
    char close = kinds[depth - 1] == IN_OBJECT ? '}' : ']';
    int next = scanner.peek();
    if (next == close) {
      scanner.skip();
      depth--;
      return false;
    }
    if (started[depth - 1]) {
      expect(',', "',' or '" + close + "'");
      if (scanner.peek() == close) {
        throw error("another element after ','");
      }
    }
    started[depth - 1] = true;
    return true;
  }

  /** Reads the name of the member that {@link #hasNext} moved to. */
  public String nextName() {
    if (scanner.peek() != '"') {
      throw error("a member name in quotes");
    }
    String name = scanner.string();
    expect(':', "':'");
    return name;
  }

  /** Reads a string. */
  public String nextString() {
    if (scanner.peek() != '"') {
      throw error("a string");
    }
    return scanner.string();
  }

  /** Reads a number. */
  public JsonNumber nextNumber() {
    if (peek() != Token.NUMBER) {
      throw error("a number");
    }
    return new JsonNumber(scanner.number());
  }

  /** Reads an integer that fits a long. */
  public long nextLong() {
    scanner.peek();
    int start = scanner.position();
    JsonNumber number = nextNumber();
    return number
        .asLong()
        .orElseThrow(
            () -> scanner.malformed(start, "an integer of at most 64 bits", number.literal()));
  }

  /** Reads a number as the nearest double. */
  public double nextDouble() {
    return nextNumber().asDouble();
  }

  /** Reads a boolean. */
  public boolean nextBoolean() {
    int next = scanner.peek();
    if (next != 't' && next != 'f') {
      throw error("a boolean");
    }
    scanner.literal(next == 't' ? "true" : "false");
    return next == 't';
  }

  /** Reads a null. */
  public void nextNull() {
    if (scanner.peek() != 'n') {
      throw error("null");
    }
    scanner.literal("null");
  }

  /** Reads any value as a tree. */
  public JsonValue nextValue() {
    Token token = peek();
    if (++values > limits.maxValues()) {
      throw error("at most " + limits.maxValues() + " values");
    }
    return switch (token) {
      case OBJECT -> object();
      case ARRAY -> array();
      case STRING -> new JsonString(nextString());
      case NUMBER -> nextNumber();
      case BOOLEAN -> JsonBool.of(nextBoolean());
      case NULL -> {
        nextNull();
        yield JsonNull.NULL;
      }
      case CLOSE, END -> throw error("a JSON value");
    };
  }

  /** Reads any value and forgets it. */
  public void skipValue() {
    switch (peek()) {
      case OBJECT -> {
        beginObject();
        while (hasNext()) {
          nextName();
          skipValue();
        }
      }
      case ARRAY -> {
        beginArray();
        while (hasNext()) {
          skipValue();
        }
      }
      case STRING -> scanner.string();
      case NUMBER -> scanner.number();
      case BOOLEAN -> nextBoolean();
      case NULL -> nextNull();
      case CLOSE, END -> throw error("a JSON value");
    }
  }

  /** Checks that nothing follows but white space. */
  public void end() {
    if (scanner.peek() != JsonScanner.END) {
      throw error("the end of the document");
    }
  }

  /** Returns an exception about what stands next. */
  public MalformedFileException error(String expected) {
    int next = scanner.peek();
    int position = scanner.position();
    return scanner.malformed(
        position,
        expected,
        next == JsonScanner.END ? "the end of the file" : scanner.describe(position));
  }

  private JsonObject object() {
    LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
    beginObject();
    while (hasNext()) {
      scanner.peek();
      int start = scanner.position();
      String name = nextName();
      if (members.put(name, nextValue()) != null && limits.rejectDuplicateKeys()) {
        throw scanner.malformed(
            start, "members with different names", "a second member '" + name + "'");
      }
    }
    return new JsonObject(members);
  }

  private JsonArray array() {
    int first = elementCount;
    beginArray();
    while (hasNext()) {
      JsonValue element = nextValue();
      if (elementCount == elements.length) {
        elements = Arrays.copyOf(elements, elementCount * 2);
      }
      elements[elementCount++] = element;
    }
    JsonArray array = new JsonArray(List.of(Arrays.copyOfRange(elements, first, elementCount)));
    elementCount = first;
    return array;
  }

  private void expect(char c, String what) {
    if (scanner.peek() != c) {
      throw error(what);
    }
    scanner.skip();
  }
}
