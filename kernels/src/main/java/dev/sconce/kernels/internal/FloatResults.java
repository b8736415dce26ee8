package dev.sconce.kernels.internal;

import dev.sconce.kernels.Clamp;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Float32 results {@code y = clamp(sum + bias)}.
 *
 * @param epilogue adds sums to memory
 * @param columns N
 * @param bias [N], or null
 * @param y the results
 * @param yOffset the byte offset of the first
 * @param yStride the distance of two rows in bytes
 * @param clamp the bounds
 */
public record FloatResults(
    PanelEpilogue epilogue,
    int columns,
    @Nullable MemorySegment bias,
    MemorySegment y,
    long yOffset,
    long yStride,
    Clamp clamp)
    implements PanelJob.Results {

  @Override
  public void add(int row, int block, float[] sums, int offset, boolean first, boolean last) {
    int column = block * PanelKernel.COLUMNS;
    int count = Math.min(PanelKernel.COLUMNS, columns - column);
    long at = yOffset + row * yStride + 4L * column;
    Clamp bounds = last ? clamp : Clamp.NONE;
    if (first) {
      epilogue.store(sums, offset, count, bias, 4L * column, bounds, y, at);
    } else {
      epilogue.add(sums, offset, count, bounds, y, at);
    }
  }
}
