package dev.sconce.text.internal.jinja.syntax;

import java.util.List;

/** What an assignment assigns to. */
public sealed interface Target {

  /** A variable. */
  record Variable(String name) implements Target {}

  /** Several targets, which take the elements of one value. */
  record Unpacking(List<Target> targets) implements Target {}

  /** An attribute of a namespace object. */
  record NamespaceAttribute(String namespace, String attribute) implements Target {}
}
