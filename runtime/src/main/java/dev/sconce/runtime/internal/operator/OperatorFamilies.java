package dev.sconce.runtime.internal.operator;

import java.util.List;

/** All families: add a line to add one. */
final class OperatorFamilies {

  static final List<OperatorFamily> ALL = List.of(new PrimOperators(), new TensorPrimOperators());

  private OperatorFamilies() {}
}
