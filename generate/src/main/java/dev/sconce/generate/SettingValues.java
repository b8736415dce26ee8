package dev.sconce.generate;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonBool;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import java.util.List;

/** Checks the values of settings and takes them apart. */
final class SettingValues {

  private SettingValues() {}

  /** Returns a value if its setting takes it. */
  static JsonValue check(Setting setting, JsonValue value) {
    boolean valid =
        switch (setting.kind()) {
          case COUNT -> isInteger(value, 0);
          case POSITIVE -> isInteger(value, 1);
          case REAL -> isNumber(value, -Double.MAX_VALUE, Double.MAX_VALUE);
          case NOT_NEGATIVE -> isNumber(value, 0, Double.MAX_VALUE);
          case ABOVE_ZERO -> isNumber(value, Double.MIN_VALUE, Double.MAX_VALUE);
          case FRACTION -> isNumber(value, 0, 1);
          case FLAG -> value instanceof JsonBool;
          case EARLY ->
              value instanceof JsonBool
                  || (value instanceof JsonString text && text.value().equals("never"));
          case TOKEN -> isToken(value);
          case TOKENS -> isToken(value) || isList(value, SettingValues::isToken);
          case WORDS -> isList(value, SettingValues::isWord);
          case BIASES -> isList(value, SettingValues::isBias);
          case DECAY ->
              value instanceof JsonArray pair
                  && pair.size() == 2
                  && isInteger(pair.get(0), 0)
                  && isNumber(pair.get(1), 0, Double.MAX_VALUE);
          case TEXTS -> isText(value) || isList(value, SettingValues::isText);
          case SEED -> value instanceof JsonNumber number && number.asLong().isPresent();
        };
    if (!valid) {
      throw new InvalidInputException(
          "GenerationConfig", setting.jsonName(), setting.kind().expected(), value.toString());
    }
    return value;
  }

  private static boolean isInteger(JsonValue value, int least) {
    return value instanceof JsonNumber number
        && number.asDouble() == Math.rint(number.asDouble())
        && number.asDouble() >= least
        && number.asDouble() <= Integer.MAX_VALUE;
  }

  private static boolean isNumber(JsonValue value, double least, double most) {
    return value instanceof JsonNumber number
        && number.asDouble() >= least
        && number.asDouble() <= most;
  }

  private static boolean isToken(JsonValue value) {
    return isInteger(value, 0);
  }

  private static boolean isText(JsonValue value) {
    return value instanceof JsonString text && !text.value().isEmpty();
  }

  private static boolean isWord(JsonValue value) {
    return value instanceof JsonArray word
        && word.size() > 0
        && word.values().stream().allMatch(SettingValues::isToken);
  }

  private static boolean isBias(JsonValue value) {
    return value instanceof JsonArray pair
        && pair.size() == 2
        && isWord(pair.get(0))
        && pair.get(1) instanceof JsonNumber;
  }

  private interface Check {
    boolean holds(JsonValue value);
  }

  private static boolean isList(JsonValue value, Check check) {
    return value instanceof JsonArray list && list.values().stream().allMatch(check::holds);
  }

  static int[] tokens(JsonValue value) {
    return tokenList(value).stream().mapToInt(Integer::intValue).toArray();
  }

  static List<Integer> tokenList(JsonValue value) {
    return switch (value) {
      case JsonNumber number -> List.of((int) number.asDouble());
      case JsonArray list ->
          list.values().stream().map(id -> (int) ((JsonNumber) id).asDouble()).toList();
      default -> throw new IllegalStateException("unchecked setting " + value);
    };
  }
}
