package dev.sconce.runtime.internal.operator;

import dev.sconce.runtime.internal.operator.aten.ActivationOperators;
import dev.sconce.runtime.internal.operator.aten.AdvancedIndexingOperators;
import dev.sconce.runtime.internal.operator.aten.BinaryOperators;
import dev.sconce.runtime.internal.operator.aten.ComparisonOperators;
import dev.sconce.runtime.internal.operator.aten.ComplexOperators;
import dev.sconce.runtime.internal.operator.aten.ConvolutionBackwardOperators;
import dev.sconce.runtime.internal.operator.aten.ConvolutionOperators;
import dev.sconce.runtime.internal.operator.aten.CopyOperators;
import dev.sconce.runtime.internal.operator.aten.CreationOperators;
import dev.sconce.runtime.internal.operator.aten.DistanceOperators;
import dev.sconce.runtime.internal.operator.aten.ExtremumOperators;
import dev.sconce.runtime.internal.operator.aten.FourierOperators;
import dev.sconce.runtime.internal.operator.aten.GridSamplerOperators;
import dev.sconce.runtime.internal.operator.aten.IndexingOperators;
import dev.sconce.runtime.internal.operator.aten.MatrixOperators;
import dev.sconce.runtime.internal.operator.aten.NormalizationOperators;
import dev.sconce.runtime.internal.operator.aten.PaddingOperators;
import dev.sconce.runtime.internal.operator.aten.PoolingOperators;
import dev.sconce.runtime.internal.operator.aten.RearrangementOperators;
import dev.sconce.runtime.internal.operator.aten.ReductionOperators;
import dev.sconce.runtime.internal.operator.aten.ResamplingOperators;
import dev.sconce.runtime.internal.operator.aten.SelectionOperators;
import dev.sconce.runtime.internal.operator.aten.SoftmaxOperators;
import dev.sconce.runtime.internal.operator.aten.TopKOperators;
import dev.sconce.runtime.internal.operator.aten.UnaryOperators;
import dev.sconce.runtime.internal.operator.llama.AttentionOperators;
import dev.sconce.runtime.internal.operator.llama.CacheOperators;
import dev.sconce.runtime.internal.operator.llama.LinearAttentionOperators;
import dev.sconce.runtime.internal.operator.quantized.ChooseParametersOperators;
import dev.sconce.runtime.internal.operator.quantized.MixedProductOperators;
import dev.sconce.runtime.internal.operator.quantized.QuantizeOperators;
import dev.sconce.runtime.internal.operator.quantized.QuantizedEmbeddingOperators;
import java.util.List;

/** All families, those of most programs first: add a line to add one. */
final class OperatorFamilies {

  static final List<OperatorFamily> ALL =
      List.of(
          new PrimOperators(),
          new TensorPrimOperators(),
          new RearrangementOperators(),
          new BinaryOperators(),
          new CopyOperators(),
          new QuantizedEmbeddingOperators(),
          new AttentionOperators(),
          new CacheOperators(),
          new CreationOperators(),
          new IndexingOperators(),
          new NormalizationOperators(),
          new SoftmaxOperators(),
          new ActivationOperators(),
          new SelectionOperators(),
          new ComparisonOperators(),
          new ExtremumOperators(),
          new MatrixOperators(),
          new ReductionOperators(),
          new UnaryOperators(),
          new TopKOperators(),
          new AdvancedIndexingOperators(),
          new QuantizeOperators(),
          new ChooseParametersOperators(),
          new MixedProductOperators(),
          new LinearAttentionOperators(),
          new PaddingOperators(),
          new ConvolutionOperators(),
          new PoolingOperators(),
          new ResamplingOperators(),
          new GridSamplerOperators(),
          new DistanceOperators(),
          new ComplexOperators(),
          new FourierOperators(),
          new ConvolutionBackwardOperators());

  private OperatorFamilies() {}
}
