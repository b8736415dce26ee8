package dev.sconce.kernels.internal.vector;

import dev.sconce.kernels.WeightEncoding;
import dev.sconce.kernels.internal.ElementwiseKernel;
import dev.sconce.kernels.internal.KernelProvider;
import dev.sconce.kernels.internal.LinearKernel;
import dev.sconce.kernels.internal.RowKernel;
import dev.sconce.kernels.internal.scalar.ScalarProvider;

/** The Vector API implementation of every family. */
public final class VectorProvider implements KernelProvider {

  private final ScalarProvider scalar = new ScalarProvider();

  @Override
  public LinearKernel linear(WeightEncoding encoding) {
    return scalar.linear(encoding);
  }

  @Override
  public RowKernel rows() {
    return scalar.rows();
  }

  @Override
  public ElementwiseKernel elementwise() {
    return scalar.elementwise();
  }
}
