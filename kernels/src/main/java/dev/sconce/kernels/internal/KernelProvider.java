package dev.sconce.kernels.internal;

import dev.sconce.kernels.WeightEncoding;

/** One implementation of every family. */
public interface KernelProvider {

  /** Returns whether so many quantized rows are best multiplied as integers. */
  boolean multipliesIntegers(WeightEncoding encoding, int rows);

  /** Returns the product of so many float rows with weights of the given encoding. */
  LinearKernel floatLinear(WeightEncoding encoding, int rows);

  /** Returns the product of so many quantized rows with weights of a quantized encoding. */
  LinearKernel integerLinear(WeightEncoding encoding, int rows);

  /** Returns the row functions. */
  RowKernel rows();

  /** Returns the elementwise functions. */
  ElementwiseKernel elementwise();

  /** Returns what decodes packed weights. */
  PanelDecoder decoder();

  /** Returns the loops around the panel kernel. */
  PanelProduct panelProduct();

  /** Returns what takes float sums to memory. */
  PanelEpilogue panelEpilogue();

  /** Returns functions of arrays. */
  ArrayKernel arrays();

  /** Returns sums over groups of weights. */
  SumKernel sums();
}
