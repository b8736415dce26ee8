package dev.sconce.kernels.internal.scalar;

import dev.sconce.kernels.QuantizedRows;
import dev.sconce.kernels.internal.DynamicQuantization;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.RowKernel;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Row functions with sums in double. */
public final class ScalarRows implements RowKernel {

  @Override
  public float sum(MemorySegment x, long offset, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Memory.getFloat(x, offset + 4L * i);
    }
    return (float) sum;
  }

  @Override
  public float max(MemorySegment x, long offset, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, Memory.getFloat(x, offset + 4L * i));
    }
    return max;
  }

  @Override
  public void softmax(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int count) {
    float max = max(x, xOffset, count);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      float e = (float) Math.exp(Memory.getFloat(x, xOffset + 4L * i) - max);
      Memory.setFloat(y, yOffset + 4L * i, e);
      sum += e;
    }
    for (int i = 0; i < count; i++) {
      float e = Memory.getFloat(y, yOffset + 4L * i);
      Memory.setFloat(y, yOffset + 4L * i, (float) (e / sum));
    }
  }

  @Override
  public void logSoftmax(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int count) {
    float max = max(x, xOffset, count);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.exp(Memory.getFloat(x, xOffset + 4L * i) - max);
    }
    // Not added to the largest value first: beside a huge one it would vanish.
    double logarithm = Math.log(sum);
    for (int i = 0; i < count; i++) {
      float value = Memory.getFloat(x, xOffset + 4L * i);
      Memory.setFloat(y, yOffset + 4L * i, (float) ((double) value - max - logarithm));
    }
  }

  @Override
  public void layerNorm(
      MemorySegment x,
      long xOffset,
      MemorySegment y,
      long yOffset,
      int count,
      @Nullable MemorySegment weight,
      @Nullable MemorySegment bias,
      double epsilon,
      float[] statistics) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Memory.getFloat(x, xOffset + 4L * i);
    }
    double mean = sum / count;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double deviation = Memory.getFloat(x, xOffset + 4L * i) - mean;
      squares += deviation * deviation;
    }
    double factor = 1 / Math.sqrt(squares / count + epsilon);
    for (int i = 0; i < count; i++) {
      double value = (Memory.getFloat(x, xOffset + 4L * i) - mean) * factor;
      if (weight != null) {
        value *= Memory.getFloat(weight, 4L * i);
      }
      if (bias != null) {
        value += Memory.getFloat(bias, 4L * i);
      }
      Memory.setFloat(y, yOffset + 4L * i, (float) value);
    }
    statistics[0] = (float) mean;
    statistics[1] = (float) factor;
  }

  @Override
  public void rmsNorm(
      MemorySegment x,
      long xOffset,
      MemorySegment y,
      long yOffset,
      int count,
      @Nullable MemorySegment weight,
      float weightShift,
      double epsilon) {
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double value = Memory.getFloat(x, xOffset + 4L * i);
      squares += value * value;
    }
    double factor = 1 / Math.sqrt(squares / count + epsilon);
    for (int i = 0; i < count; i++) {
      double value = Memory.getFloat(x, xOffset + 4L * i) * factor;
      if (weight != null) {
        value *= Memory.getFloat(weight, 4L * i) + weightShift;
      }
      Memory.setFloat(y, yOffset + 4L * i, (float) value);
    }
  }

  @Override
  public void quantize(MemorySegment x, long xOffset, QuantizedRows to, int row) {
    float min = 0;
    float max = 0;
    for (int i = 0; i < to.columns(); i++) {
      float value = Memory.getFloat(x, xOffset + 4L * i);
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    DynamicQuantization parameters = DynamicQuantization.of(min, max);
    Memory.setFloat(to.memory(), to.scaleOffset(row), 1 / parameters.scale());
    Memory.setInt(to.memory(), to.zeroPointOffset(row), parameters.zeroPoint());
    long at = to.valuesOffset(row);
    for (int i = 0; i < to.columns(); i++) {
      float scaled = Memory.getFloat(x, xOffset + 4L * i) * parameters.scale();
      int value = Math.clamp((long) Math.rint(scaled) + parameters.zeroPoint(), -128, 127);
      Memory.setByte(to.memory(), at + i, (byte) value);
    }
    for (int i = to.columns(); i < to.stride(); i++) {
      Memory.setByte(to.memory(), at + i, (byte) 0);
    }
  }

  @Override
  public void dequantize(QuantizedRows from, int row, MemorySegment y, long yOffset) {
    float scale = Memory.getFloat(from.memory(), from.scaleOffset(row));
    int zeroPoint = Memory.getInt(from.memory(), from.zeroPointOffset(row));
    long at = from.valuesOffset(row);
    for (int i = 0; i < from.columns(); i++) {
      int value = Memory.getByte(from.memory(), at + i) - zeroPoint;
      Memory.setFloat(y, yOffset + 4L * i, value * scale);
    }
  }
}
