package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.PyUndefined;
import dev.sconce.text.internal.jinja.python.PyValue;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A scope: its own variables over those of the scope around it. */
final class Frame {

  private final @Nullable Frame parent;
  private final Map<String, PyValue> variables = new HashMap<>();

  Frame(@Nullable Frame parent) {
    this.parent = parent;
  }

  PyValue get(String name) {
    for (Frame frame = this; frame != null; frame = frame.parent) {
      PyValue value = frame.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return PyUndefined.variable(name);
  }

  void set(String name, PyValue value) {
    variables.put(name, value);
  }

  /** Forgets the scope's own variables, as at the start of each round of a loop. */
  void clear() {
    variables.clear();
  }
}
