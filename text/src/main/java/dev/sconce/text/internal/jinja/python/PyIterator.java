package dev.sconce.text.internal.jinja.python;

import java.util.Iterator;

/** A generator or iterator: its elements can be taken once. */
public final class PyIterator implements PyValue {

  private final String typeName;
  private final Iterator<PyValue> elements;

  /** Creates a generator over elements that are computed when they are taken. */
  public PyIterator(Iterator<PyValue> elements) {
    this("generator", elements);
  }

  /** Creates an iterator of a Python type. */
  public PyIterator(String typeName, Iterator<PyValue> elements) {
    this.typeName = typeName;
    this.elements = elements;
  }

  /** Returns the elements not yet taken. */
  public Iterator<PyValue> elements() {
    return elements;
  }

  @Override
  public String typeName() {
    return typeName;
  }
}
