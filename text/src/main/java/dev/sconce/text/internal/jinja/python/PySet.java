package dev.sconce.text.internal.jinja.python;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A set, which only the difference of views of dictionaries makes: Jinja has neither a literal for
 * it nor the operators {@code & | ^}.
 *
 * <p>CPython's order depends on hashes that are random in each process; this one keeps the order of
 * the view.
 *
 * @param elements the elements
 */
public record PySet(Set<PyValue> elements) implements PyObject {

  /** Returns the elements of one value without those of another, in the order of the first. */
  static PySet difference(PyValue left, PyValue right, Budget budget) {
    Set<PyValue> elements = hashed(left, budget);
    elements.removeAll(hashed(right, budget));
    return new PySet(elements);
  }

  private static Set<PyValue> hashed(PyValue value, Budget budget) {
    List<PyValue> items = Py.list(value, budget);
    items.forEach(Hashing::hashable);
    return new LinkedHashSet<>(items);
  }

  /** Returns the elements of a set or of a view that acts as one, or null for other values. */
  static @Nullable Set<PyValue> view(PyValue value) {
    return switch (value) {
      case PySet set -> set.elements;
      case PyDictView view when view.part() != PyDictView.Part.VALUES ->
          new LinkedHashSet<>(view.elements());
      default -> null;
    };
  }

  @Override
  public String typeName() {
    return "set";
  }

  @Override
  public String repr() {
    StringJoiner text = new StringJoiner(", ", "{", "}");
    elements.forEach(element -> text.add(PyRepr.of(element)));
    return elements.isEmpty() ? "set()" : text.toString();
  }

  @Override
  public Iterator<PyValue> iterator() {
    return elements.iterator();
  }

  @Override
  public int length() {
    return elements.size();
  }
}
