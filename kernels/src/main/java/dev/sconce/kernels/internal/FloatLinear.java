package dev.sconce.kernels.internal;

import dev.sconce.kernels.ComputePool;
import dev.sconce.kernels.PackedWeights;
import java.lang.foreign.MemorySegment;

/** Many float rows times weights of any encoding, which are decoded panel by panel. */
public final class FloatLinear implements LinearKernel {

  private final PanelProduct product;
  private final PanelDecoder decoder;
  private final PanelEpilogue epilogue;

  /** Creates the kernel from its parts. */
  public FloatLinear(PanelProduct product, PanelDecoder decoder, PanelEpilogue epilogue) {
    this.product = product;
    this.decoder = decoder;
    this.epilogue = epilogue;
  }

  @Override
  public void run(LinearJob job, int rows, ComputePool pool) {
    PackedWeights weights = job.weights();
    int inputs = weights.inputs();
    PanelJob.Rows source =
        (first, end, x) -> {
          for (int row = first; row < end; row++) {
            long from = row * job.xStride();
            MemorySegment.copy(job.x(), Memory.FLOAT, from, x, (row - first) * inputs, inputs);
          }
        };
    FloatResults results =
        new FloatResults(
            epilogue, weights.outputs(), weights.bias(), job.y(), 0, job.yStride(), job.clamp());
    PanelJob panels =
        new PanelJob(
            source,
            (block, panel) -> decoder.decode(weights, block, panel),
            results,
            inputs,
            PanelJob.FLOAT_CHUNK);
    product.run(panels, weights.blocks(), rows, pool);
  }
}
