package dev.sconce.kernels.internal.vector;

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

/** The Vector API implementation of every family. */
public final class VectorProvider implements KernelProvider {

  // From here on decoding a panel of weights is paid back by the rows that use it.
  private static final int MIN_PANEL_ROWS = 4;

  private final RowKernel rows = new VectorRows();
  private final ElementwiseKernel elementwise = new VectorElementwise();
  private final PanelDecoder decoder = new VectorDecoder();
  private final PanelEpilogue panelEpilogue = new VectorEpilogue();
  private final ArrayKernel arrays = new VectorArrays();
  private final SumKernel sums = new VectorSums();
  private final PanelProduct panelProduct;
  private final LinearKernel floatLinear;
  private final LinearKernel floatGemv;
  private final LinearKernel int8Gemv;
  private final LinearKernel int4Gemv;
  private final LinearKernel int4Gemm;

  /** Creates kernels that take temporary memory from the given scratch. */
  public VectorProvider(Scratch scratch) {
    panelProduct = new PanelProduct(new VectorPanel(), scratch);
    floatLinear = new FloatLinear(panelProduct, decoder, panelEpilogue);
    floatGemv = new VectorFloatGemv(scratch);
    int8Gemv = new VectorInt8Gemv(scratch);
    int4Gemv = new VectorInt4Gemv(scratch);
    int4Gemm = new VectorInt4Gemm(scratch);
  }

  @Override
  public boolean multipliesIntegers(WeightEncoding encoding, int rows) {
    return encoding.bits() == 4 || (encoding.quantized() && rows < MIN_PANEL_ROWS);
  }

  @Override
  public LinearKernel floatLinear(WeightEncoding encoding, int rows) {
    return rows < MIN_PANEL_ROWS && !encoding.quantized() ? floatGemv : floatLinear;
  }

  @Override
  public LinearKernel integerLinear(WeightEncoding encoding, int rows) {
    if (encoding == WeightEncoding.INT8_PER_CHANNEL) {
      return int8Gemv;
    }
    return rows < MIN_PANEL_ROWS ? int4Gemv : int4Gemm;
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
