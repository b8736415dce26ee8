package dev.sconce.kernels;

import dev.sconce.base.InvalidInputException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Weights of a linear layer as a file stores them, to be packed by {@link MatrixProducts#pack}.
 *
 * <p>The segments are only read while packing; they may be views of a mapped file at any alignment.
 * Four-bit values are stored as XNNPACK has them: value + 8, two a byte, the even index in the low
 * nibble, rows padded to whole bytes.
 *
 * <pre>
 *   byte i of a row   ┌───────────────┬───────────────┐
 *                     │ k = 2i+1, + 8 │ k = 2i,   + 8 │
 *                     └───────────────┴───────────────┘
 *                       7 … 4           3 … 0
 * </pre>
 *
 * @param encoding how values and scales are stored
 * @param outputs N, the number of outputs
 * @param inputs K, the number of inputs
 * @param transposed whether values are stored as [K, N] rather than [N, K]; scales never are
 * @param values the weights
 * @param scales float32 [N] per channel, bfloat16 [N, K / groupSize] per group, otherwise null
 * @param groupSize how many weights of a row share a scale; K except for {@link
 *     WeightEncoding#INT4_PER_GROUP}
 * @param bias float32 [N], or null
 */
public record WeightSource(
    WeightEncoding encoding,
    int outputs,
    int inputs,
    boolean transposed,
    MemorySegment values,
    @Nullable MemorySegment scales,
    int groupSize,
    @Nullable MemorySegment bias) {

  /** Checks sizes. */
  public WeightSource {
    check("outputs", outputs >= 1, "at least 1", outputs);
    check("inputs", inputs >= 1, "at least 1", inputs);
    check("groupSize", groupSize >= 1 && inputs % groupSize == 0, "a divisor of K", groupSize);
    check(
        "groupSize",
        groupSize == inputs || (encoding == WeightEncoding.INT4_PER_GROUP && groupSize % 32 == 0),
        "K, or a multiple of 32 for int4 in groups",
        groupSize);
    int rowLength = transposed ? outputs : inputs;
    long rows = transposed ? inputs : outputs;
    long bytes = rows * (((long) rowLength * encoding.bits() + 7) / 8);
    check("values", values.byteSize() >= bytes, bytes + " bytes", values.byteSize());
    long scaleBytes =
        switch (encoding) {
          case FLOAT32, FLOAT16, BFLOAT16 -> 0;
          case INT8_PER_CHANNEL, INT4_PER_CHANNEL -> 4L * outputs;
          case INT4_PER_GROUP -> 2L * outputs * (inputs / groupSize);
        };
    long foundScales = scales == null ? 0 : scales.byteSize();
    check(
        "scales",
        (scales != null) == (scaleBytes > 0) && foundScales >= scaleBytes,
        scaleBytes + " bytes",
        foundScales);
    if (bias != null) {
      check("bias", bias.byteSize() >= 4L * outputs, 4L * outputs + " bytes", bias.byteSize());
    }
  }

  /** Returns float weights [N, K]; the encoding must be one of the float encodings. */
  public static WeightSource floats(
      WeightEncoding encoding, MemorySegment values, int outputs, int inputs) {
    return new WeightSource(encoding, outputs, inputs, false, values, null, inputs, null);
  }

  /** Returns int8 or int4 weights [N, K] with a float32 scale per output. */
  public static WeightSource perChannel(
      WeightEncoding encoding,
      MemorySegment values,
      MemorySegment scales,
      int outputs,
      int inputs) {
    return new WeightSource(encoding, outputs, inputs, false, values, scales, inputs, null);
  }

  /** Returns int4 weights [N, K] with a bfloat16 scale per group of inputs. */
  public static WeightSource perGroup(
      MemorySegment values, MemorySegment scales, int groupSize, int outputs, int inputs) {
    return new WeightSource(
        WeightEncoding.INT4_PER_GROUP, outputs, inputs, false, values, scales, groupSize, null);
  }

  /** Returns the same weights with a float32 bias [N]. */
  public WeightSource withBias(@Nullable MemorySegment bias) {
    return new WeightSource(encoding, outputs, inputs, transposed, values, scales, groupSize, bias);
  }

  /** Returns the same weights, with values stored as [K, N]. */
  public WeightSource asTransposed() {
    return new WeightSource(encoding, outputs, inputs, true, values, scales, groupSize, bias);
  }

  private static void check(String argument, boolean ok, String expected, long found) {
    if (!ok) {
      throw new InvalidInputException("WeightSource", argument, expected, "" + found);
    }
  }
}
