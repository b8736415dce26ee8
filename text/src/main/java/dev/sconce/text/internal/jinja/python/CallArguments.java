package dev.sconce.text.internal.jinja.python;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The arguments of a call.
 *
 * @param positional the arguments by position
 * @param keywords the arguments by name, in order
 */
public record CallArguments(List<PyValue> positional, SequencedMap<String, PyValue> keywords) {

  private static final CallArguments NONE =
      new CallArguments(List.of(), Collections.unmodifiableSequencedMap(new LinkedHashMap<>()));

  /** Returns no arguments. */
  public static CallArguments none() {
    return NONE;
  }

  /** Returns positional arguments. */
  public static CallArguments of(PyValue... positional) {
    return new CallArguments(List.of(positional), NONE.keywords);
  }
}
