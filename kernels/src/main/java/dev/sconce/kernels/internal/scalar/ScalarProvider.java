package dev.sconce.kernels.internal.scalar;

import dev.sconce.kernels.WeightEncoding;
import dev.sconce.kernels.internal.ArrayKernel;
import dev.sconce.kernels.internal.ElementwiseKernel;
import dev.sconce.kernels.internal.FloatLinear;
import dev.sconce.kernels.internal.KernelProvider;
import dev.sconce.kernels.internal.LinearKernel;
import dev.sconce.kernels.internal.PanelDecoder;
import dev.sconce.kernels.internal.PanelEpilogue;
import dev.sconce.kernels.internal.PanelProduct;
import dev.sconce.kernels.internal.RowKernel;
import dev.sconce.kernels.internal.Scratch;
import dev.sconce.kernels.internal.SumKernel;

/** The reference implementation of every family; always available. */
public final class ScalarProvider implements KernelProvider {

  private final LinearKernel floatLinear;
  private final LinearKernel quantizedLinear = new ScalarQuantizedLinear();
  private final RowKernel rows = new ScalarRows();
  private final ElementwiseKernel elementwise = new ScalarElementwise();
  private final PanelDecoder decoder = new ScalarDecoder();
  private final PanelEpilogue panelEpilogue = new ScalarEpilogue();
  private final ArrayKernel arrays = new ScalarArrays();
  private final SumKernel sums = new ScalarSums();
  private final PanelProduct panelProduct;

  /** Creates kernels that take temporary memory from the given scratch. */
  public ScalarProvider(Scratch scratch) {
    panelProduct = new PanelProduct(new ScalarPanel(), scratch);
    floatLinear = new FloatLinear(panelProduct, decoder, panelEpilogue);
  }

  @Override
  public boolean multipliesIntegers(WeightEncoding encoding, int rows) {
    return encoding.quantized();
  }

  @Override
  public LinearKernel floatLinear(WeightEncoding encoding, int rows) {
    return floatLinear;
  }

  @Override
  public LinearKernel integerLinear(WeightEncoding encoding, int rows) {
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

  @Override
  public PanelProduct panelProduct() {
    return panelProduct;
  }

  @Override
  public PanelEpilogue panelEpilogue() {
    return panelEpilogue;
  }

  @Override
  public ArrayKernel arrays() {
    return arrays;
  }

  @Override
  public SumKernel sums() {
    return sums;
  }

  @Override
  public PanelDecoder decoder() {
    return decoder;
  }
}
