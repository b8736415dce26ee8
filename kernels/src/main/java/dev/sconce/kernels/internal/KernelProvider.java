package dev.sconce.kernels.internal;

import dev.sconce.kernels.WeightEncoding;

/** One implementation of every family. */
public interface KernelProvider {

  /** Returns the linear kernel for an encoding. */
  LinearKernel linear(WeightEncoding encoding);

  /** Returns the row functions. */
  RowKernel rows();

  /** Returns the elementwise functions. */
  ElementwiseKernel elementwise();
}
