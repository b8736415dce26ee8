package dev.sconce.base.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object; its members keep the order in which they were read or added.
 *
 * <p>The typed look-ups return empty where the member is absent, null or of another kind; a caller
 * that must tell these apart matches on {@link #get(String)}. Immutable. Two objects are equal if
 * they have equal members, in whatever order.
 */
public final class JsonObject implements JsonValue {

  private final SequencedMap<String, JsonValue> members;

  /** Creates an object of members that nobody else will change. */
  JsonObject(SequencedMap<String, JsonValue> owned) {
    this.members = Collections.unmodifiableSequencedMap(owned);
  }

  /** Returns an object with the given members, copied. */
  public static JsonObject of(SequencedMap<String, JsonValue> members) {
    return new JsonObject(new LinkedHashMap<>(members));
  }

  /** Returns the members in order. */
  public SequencedMap<String, JsonValue> members() {
    return members;
  }

  /** Returns a builder of an object. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the member with the given name, whatever its kind. */
  public Optional<JsonValue> get(String name) {
    return Optional.ofNullable(members.get(name));
  }

  /** Returns whether a member of this name is present, null included. */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /** Returns the named object. */
  public Optional<JsonObject> object(String name) {
    return as(name, JsonObject.class, Function.identity());
  }

  /** Returns the named array. */
  public Optional<JsonArray> array(String name) {
    return as(name, JsonArray.class, Function.identity());
  }

  /** Returns the named string. */
  public Optional<String> string(String name) {
    return as(name, JsonString.class, JsonString::value);
  }

  /** Returns the named boolean. */
  public Optional<Boolean> bool(String name) {
    return as(name, JsonBool.class, JsonBool::value);
  }

  /** Returns the named integer, if it fits a long. */
  public OptionalLong integer(String name) {
    return members.get(name) instanceof JsonNumber number ? number.asLong() : OptionalLong.empty();
  }

  /** Returns the named number. */
  public OptionalDouble number(String name) {
    return members.get(name) instanceof JsonNumber number
        ? OptionalDouble.of(number.asDouble())
        : OptionalDouble.empty();
  }

  private <V, T> Optional<T> as(String name, Class<V> kind, Function<V, T> get) {
    JsonValue value = members.get(name);
    return kind.isInstance(value) ? Optional.of(get.apply(kind.cast(value))) : Optional.empty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JsonObject object && members.equals(object.members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  @Override
  public String toString() {
    return JsonWriter.compact(this);
  }

  /** Collects members in order. */
  public static final class Builder {
    private final Map<String, JsonValue> members = new LinkedHashMap<>();

    private Builder() {}

    /** Adds or replaces a member. */
    public Builder put(String name, JsonValue value) {
      members.put(name, value);
      return this;
    }

    /** Adds or replaces a string. */
    public Builder put(String name, String value) {
      return put(name, new JsonString(value));
    }

    /** Adds or replaces an integer. */
    public Builder put(String name, long value) {
      return put(name, JsonNumber.of(value));
    }

    /** Adds or replaces a number. */
    public Builder put(String name, double value) {
      return put(name, JsonNumber.of(value));
    }

    /** Adds or replaces a boolean. */
    public Builder put(String name, boolean value) {
      return put(name, JsonBool.of(value));
    }

    /** Returns the object. */
    public JsonObject build() {
      return new JsonObject(new LinkedHashMap<>(members));
    }
  }
}
