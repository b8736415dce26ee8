package dev.sconce.graph;

import java.util.List;
import java.util.function.Function;

/** A part of a graph, compiled for a backend. */
public interface Subgraph {

  /** Returns the backend's id in the file, for example {@code XnnpackBackend}. */
  String backend();

  /** Returns the constants that the backend finds by key among the file's named data. */
  List<ConstantData> constants();

  /**
   * Returns the bytes that the backend is initialised with.
   *
   * @param keys the key under which each constant is stored
   */
  byte[] serialize(Function<ConstantData, String> keys);

  /** Returns one line that names what is inside, for the text form. */
  String describe();
}
