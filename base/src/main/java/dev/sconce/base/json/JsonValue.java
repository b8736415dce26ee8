package dev.sconce.base.json;

/** Any JSON value. */
public sealed interface JsonValue
    permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBool, JsonNull {

  /** Returns the kind of this value as JSON names it: "object", "array", "string" and so on. */
  default String kind() {
    return switch (this) {
      case JsonObject _ -> "object";
      case JsonArray _ -> "array";
      case JsonString _ -> "string";
      case JsonNumber _ -> "number";
      case JsonBool _ -> "boolean";
      case JsonNull _ -> "null";
    };
  }
}
