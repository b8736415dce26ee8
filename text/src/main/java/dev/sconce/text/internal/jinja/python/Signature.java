package dev.sconce.text.internal.jinja.python;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a built-in function, in Python's spelling: {@code "sep=None, maxsplit=-1"}; a
 * {@code /} ends the parameters that have no keyword.
 */
public final class Signature {

  private record Parameter(String name, @Nullable PyValue fallback, boolean keyword) {}

  private final String function;
  private final List<Parameter> parameters;
  private final int required;

  private Signature(String function, List<Parameter> parameters) {
    this.function = function;
    this.parameters = parameters;
    this.required = (int) parameters.stream().filter(p -> p.fallback() == null).count();
  }

  /** Parses a signature. */
  public static Signature of(String function, String spelling) {
    int slash = spelling.indexOf('/');
    List<Parameter> parameters = new ArrayList<>();
    int at = 0;
    for (String part : spelling.split(",(?! ')", -1)) {
      String text = part.strip();
      if (!text.isEmpty() && !text.equals("/")) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        parameters.add(
            new Parameter(
                name, equals < 0 ? null : literal(text.substring(equals + 1)), at > slash));
      }
      at += part.length() + 1;
    }
    return new Signature(function, List.copyOf(parameters));
  }

  private static PyValue literal(String text) {
    return switch (text) {
      case "None" -> PyNone.NONE;
      case "True" -> PyBool.TRUE;
      case "False" -> PyBool.FALSE;
      case "0.0" -> new PyFloat(0);
      default ->
          text.startsWith("'")
              ? PyStr.of(text.substring(1, text.length() - 1))
              : PyInt.of(Long.parseLong(text));
    };
  }

  /** Puts the arguments of a call in the order of the parameters, defaults filled in. */
  public PyValue[] bind(CallArguments arguments) {
    List<PyValue> positional = arguments.positional();
    if (positional.size() > parameters.size()) {
      throw PyError.type(
          "%s() takes at most %d argument%s (%d given)"
              .formatted(
                  function,
                  parameters.size(),
                  parameters.size() == 1 ? "" : "s",
                  positional.size()));
    }
    PyValue[] bound = new PyValue[parameters.size()];
    Map<String, PyValue> keywords = new LinkedHashMap<>(arguments.keywords());
    for (int i = 0; i < bound.length; i++) {
      Parameter parameter = parameters.get(i);
      PyValue named = parameter.keyword() ? keywords.remove(parameter.name()) : null;
      if (i < positional.size()) {
        if (named != null) {
          throw PyError.type(
              "%s() got multiple values for argument '%s'".formatted(function, parameter.name()));
        }
        bound[i] = positional.get(i);
      } else if (named != null) {
        bound[i] = named;
      } else if (parameter.fallback() != null) {
        bound[i] = parameter.fallback();
      } else {
        throw PyError.type(
            "%s() missing required argument: '%s' (%d required)"
                .formatted(function, parameter.name(), required));
      }
    }
    if (!keywords.isEmpty()) {
      throw PyError.type(
          "%s() got an unexpected keyword argument '%s'"
              .formatted(function, keywords.keySet().iterator().next()));
    }
    return bound;
  }
}
