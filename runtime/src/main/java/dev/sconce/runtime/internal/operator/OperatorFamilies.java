package dev.sconce.runtime.internal.operator;

import dev.sconce.runtime.internal.operator.aten.ActivationOperators;
import dev.sconce.runtime.internal.operator.aten.AdvancedIndexingOperators;
import dev.sconce.runtime.internal.operator.aten.BinaryOperators;
import dev.sconce.runtime.internal.operator.aten.ComparisonOperators;
import dev.sconce.runtime.internal.operator.aten.CopyOperators;
import dev.sconce.runtime.internal.operator.aten.CreationOperators;
import dev.sconce.runtime.internal.operator.aten.ExtremumOperators;
import dev.sconce.runtime.internal.operator.aten.IndexingOperators;
import dev.sconce.runtime.internal.operator.aten.MatrixOperators;
import dev.sconce.runtime.internal.operator.aten.NormalizationOperators;
import dev.sconce.runtime.internal.operator.aten.PaddingOperators;
import dev.sconce.runtime.internal.operator.aten.RearrangementOperators;
import dev.sconce.runtime.internal.operator.aten.ReductionOperators;
import dev.sconce.runtime.internal.operator.aten.SelectionOperators;
import dev.sconce.runtime.internal.operator.aten.SoftmaxOperators;
import dev.sconce.runtime.internal.operator.aten.UnaryOperators;
import java.util.List;

/** All families: add a line to add one. */
final class OperatorFamilies {

  static final List<OperatorFamily> ALL =
      List.of(
          new PrimOperators(),
          new TensorPrimOperators(),
          new ActivationOperators(),
          new AdvancedIndexingOperators(),
          new BinaryOperators(),
          new ComparisonOperators(),
          new CopyOperators(),
          new CreationOperators(),
          new ExtremumOperators(),
          new IndexingOperators(),
          new MatrixOperators(),
          new NormalizationOperators(),
          new PaddingOperators(),
          new RearrangementOperators(),
          new ReductionOperators(),
          new SelectionOperators(),
          new SoftmaxOperators(),
          new UnaryOperators());

  private OperatorFamilies() {}
}
