package dev.sconce.text.template;

import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonBool;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.text.internal.jinja.python.PyBool;
import dev.sconce.text.internal.jinja.python.PyDict;
import dev.sconce.text.internal.jinja.python.PyFloat;
import dev.sconce.text.internal.jinja.python.PyInt;
import dev.sconce.text.internal.jinja.python.PyList;
import dev.sconce.text.internal.jinja.python.PyNone;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns JSON into what Python's {@code json.loads} makes of it. */
final class JsonToPython {

  private JsonToPython() {}

  static PyValue convert(JsonValue value) {
    return switch (value) {
      case JsonNull _ -> PyNone.NONE;
      case JsonBool bool -> PyBool.of(bool.value());
      case JsonNumber number -> number(number);
      case JsonString string -> PyStr.of(string.value());
      case JsonArray array -> {
        List<PyValue> items = new ArrayList<>(array.size());
        array.forEach(item -> items.add(convert(item)));
        yield new PyList(items);
      }
      case JsonObject object -> {
        PyDict dict = new PyDict();
        object.members().forEach((key, member) -> dict.put(PyStr.of(key), convert(member)));
        yield dict;
      }
    };
  }

  private static PyValue number(JsonNumber number) {
    Optional<BigInteger> integer = number.asBigInteger();
    return integer.isPresent() ? new PyInt(integer.get()) : new PyFloat(number.asDouble());
  }
}
