package dev.sconce.kernels.internal.scalar;

import dev.sconce.kernels.WeightEncoding;
import dev.sconce.kernels.internal.ElementwiseKernel;
import dev.sconce.kernels.internal.KernelProvider;
import dev.sconce.kernels.internal.LinearKernel;
import dev.sconce.kernels.internal.RowKernel;

/** The reference implementation of every family; always available. */
public final class ScalarProvider implements KernelProvider {

  private final LinearKernel floatLinear = new ScalarFloatLinear();
  private final LinearKernel quantizedLinear = new ScalarQuantizedLinear();
  private final RowKernel rows = new ScalarRows();
  private final ElementwiseKernel elementwise = new ScalarElementwise();

  @Override
  public boolean multipliesIntegers(WeightEncoding encoding, int rows) {
    return encoding.quantized();
  }

  @Override
  public LinearKernel floatLinear(WeightEncoding encoding, int rows) {
    return floatLinear;
  }

  @Override
  public LinearKernel integerLinear(WeightEncoding encoding) {
    return quantizedLinear;
  }

  @Override
  public RowKernel rows() {
    return rows;
  }

  @Override
  public ElementwiseKernel elementwise() {
    return elementwise;
  }
}
