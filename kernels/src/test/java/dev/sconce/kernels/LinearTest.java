package dev.sconce.kernels;

import static dev.sconce.kernels.TestMemory.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.BFloat16;
import dev.sconce.base.HalfFloat;
import dev.sconce.base.InvalidInputException;
import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Products with packed weights against the definition, computed in double from the file's layout.
 */
class LinearTest {

  private static final int[] ROWS = {1, 2, 3, 4, 5, 7, 8, 13, 33};
  private static final int[] OUTPUTS = {1, 31, 32, 33, 70, 97};
  private static final int[] INPUTS = {1, 2, 31, 64, 97, 200, 300};

  @ParameterizedTest
  @EnumSource
  void agreesWithDefinition(WeightEncoding encoding) {
    List<Kernels> implementations = TestMemory.implementations().toList();
    int round = 0;
    for (int outputs : OUTPUTS) {
      for (int inputs : INPUTS) {
        int rows = ROWS[round++ % ROWS.length];
        TestMemory memory = new TestMemory(round);
        WeightSource source = source(memory, encoding, outputs, inputs, inputs, round % 2 == 0);
        for (Kernels kernels : implementations) {
          check(kernels, memory, source, rows);
        }
      }
    }
    implementations.forEach(Kernels::close);
  }

  @Test
  void scalesEveryGroup() {
    List<Kernels> implementations = TestMemory.implementations().toList();
    for (int groupSize : new int[] {32, 64, 96}) {
      for (int rows : ROWS) {
        TestMemory memory = new TestMemory(rows);
        WeightSource source =
            source(
                memory, WeightEncoding.INT4_PER_GROUP, 45, 3 * groupSize, groupSize, rows % 2 == 0);
        for (Kernels kernels : implementations) {
          check(kernels, memory, source, rows);
        }
      }
    }
    implementations.forEach(Kernels::close);
  }

  @Test
  void holdsTheGreatestSums() {
    // Everything at the end of its range: nothing may overflow.
    TestMemory memory = new TestMemory(1);
    int inputs = 4096;
    MemorySegment ones = memory.floats(5L * inputs, 1, 1);
    // All quantized to -128: with weights of -8 the greatest sum that there is.
    MemorySegment minusOnes = memory.floats(5L * inputs, -1, -1);
    MemorySegment scales = memory.brainScales(64L * inputs / 32);
    for (byte pair : new byte[] {0, (byte) 0xFF}) {
      MemorySegment values = memory.bytes(64L * inputs / 2);
      values.fill(pair);
      for (Kernels kernels : TestMemory.implementations().toList()) {
        for (int rows : new int[] {2, 5}) {
          WeightSource source = WeightSource.perGroup(values, scales, 32, 64, inputs);
          check(kernels, memory, source, ones, rows);
          check(kernels, memory, source, minusOnes, rows);
        }
        kernels.close();
      }
    }
  }

  @Test
  void givesFourBitRowsTheSameBitsAloneAndTogether() {
    // Prefill and decoding then agree exactly.
    int rows = 37;
    int inputs = 192;
    int outputs = 70;
    for (int groupSize : new int[] {32, 64, inputs}) {
      for (Kernels kernels : TestMemory.implementations().toList()) {
        TestMemory memory = new TestMemory(groupSize);
        WeightSource source =
            source(memory, WeightEncoding.INT4_PER_GROUP, outputs, inputs, groupSize, false);
        PackedWeights packed = kernels.matrixProducts().pack(source, memory.arena());
        MemorySegment x = memory.floats((long) rows * inputs, -2, 3);
        MemorySegment together = memory.empty((long) rows * outputs);
        kernels.matrixProducts().multiply(packed, x, rows, together, Clamp.NONE);
        MemorySegment alone = memory.empty(outputs);
        for (int row = 0; row < rows; row++) {
          MemorySegment one = x.asSlice(4L * row * inputs, 4L * inputs);
          kernels.matrixProducts().multiply(packed, one, 1, alone, Clamp.NONE);
          assertThat(together.asSlice(4L * row * outputs, 4L * outputs).mismatch(alone))
              .as("%s, group of %d, row %d", kernels.support().describe(), groupSize, row)
              .isEqualTo(-1);
        }
        kernels.close();
      }
    }
  }

  @Test
  void addsBiasThenClamps() {
    for (Kernels kernels : TestMemory.implementations().toList()) {
      TestMemory memory = new TestMemory(3);
      MemorySegment zeros = memory.empty(3 * 5);
      MemorySegment bias = memory.floats(3, 7, 8);
      WeightSource source = WeightSource.floats(WeightEncoding.FLOAT32, zeros, 3, 5).withBias(bias);
      PackedWeights packed = kernels.matrixProducts().pack(source, memory.arena());
      MemorySegment y = memory.empty(3);
      kernels.matrixProducts().multiply(packed, zeros, 1, y, new Clamp(0, 7.5f));
      for (int i = 0; i < 3; i++) {
        assertThat(at(y, i)).isEqualTo(Math.min(7.5f, at(bias, i)));
      }
      kernels.close();
    }
  }

  @Test
  void rejectsResultsThatDoNotFit() {
    try (Kernels kernels = Kernels.create(new KernelSupport(0, 1, "reference", ""))) {
      TestMemory memory = new TestMemory(3);
      MemorySegment values = memory.floats(15, -1, 1);
      PackedWeights packed =
          kernels
              .matrixProducts()
              .pack(WeightSource.floats(WeightEncoding.FLOAT32, values, 3, 5), memory.arena());
      assertThatThrownBy(
              () ->
                  kernels.matrixProducts().multiply(packed, values, 3, memory.empty(8), Clamp.NONE))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("36 bytes");
    }
  }

  private static WeightSource source(
      TestMemory memory,
      WeightEncoding encoding,
      int outputs,
      int inputs,
      int groupSize,
      boolean transposed) {
    long count = (long) outputs * inputs;
    long nibbleBytes = transposed ? inputs * ((outputs + 1L) / 2) : outputs * ((inputs + 1L) / 2);
    MemorySegment scales = memory.floats(outputs, 0.001f, 0.1f);
    WeightSource source =
        switch (encoding) {
          case FLOAT32 ->
              WeightSource.floats(encoding, memory.floats(count, -1, 1), outputs, inputs);
          case FLOAT16, BFLOAT16 ->
              WeightSource.floats(
                  encoding,
                  memory.halves(count, encoding == WeightEncoding.BFLOAT16),
                  outputs,
                  inputs);
          case INT8_PER_CHANNEL ->
              WeightSource.perChannel(encoding, memory.bytes(count), scales, outputs, inputs);
          case INT4_PER_CHANNEL ->
              new WeightSource(
                  encoding,
                  outputs,
                  inputs,
                  transposed,
                  memory.bytes(nibbleBytes),
                  scales,
                  inputs,
                  null);
          case INT4_PER_GROUP ->
              new WeightSource(
                  encoding,
                  outputs,
                  inputs,
                  transposed,
                  memory.bytes(nibbleBytes),
                  memory.brainScales(count / groupSize),
                  groupSize,
                  null);
        };
    source = transposed ? source.asTransposed() : source;
    return outputs % 2 == 0 ? source : source.withBias(memory.floats(outputs, -1, 1));
  }

  private static void check(Kernels kernels, TestMemory memory, WeightSource source, int rows) {
    MemorySegment x = memory.floats((long) rows * source.inputs(), -2, 3);
    check(kernels, memory, source, x, rows);
  }

  private static void check(
      Kernels kernels, TestMemory memory, WeightSource source, MemorySegment x, int rows) {
    MemorySegment y = memory.empty((long) rows * source.outputs());
    Clamp clamp = rows % 3 == 0 ? new Clamp(-1, 2) : Clamp.NONE;
    PackedWeights packed = kernels.matrixProducts().pack(source, memory.arena());
    kernels.matrixProducts().multiply(packed, x, rows, y, clamp);
    List<String> wrong = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      double[] activations = activations(source, x, row);
      for (int n = 0; n < source.outputs(); n++) {
        MemorySegment bias = source.bias();
        double sum = bias == null ? 0 : at(bias, n);
        double magnitude = Math.abs(sum);
        for (int k = 0; k < source.inputs(); k++) {
          double product = weight(source, n, k) * activations[k];
          sum += product;
          magnitude += Math.abs(product);
        }
        double expected = Math.min(clamp.max(), Math.max(clamp.min(), sum));
        float found = at(y, (long) row * source.outputs() + n);
        // What rounding to float32 can add up to; int4 sums cancel against the +8 they carry.
        if (!(Math.abs(found - expected) <= 4e-6 * magnitude + 1e-12)) {
          wrong.add("[%d,%d] %s, expected %s ± %s".formatted(row, n, found, expected, magnitude));
        }
      }
    }
    assertThat(wrong)
        .as(
            "%s %s outputs %d inputs %d rows %d",
            source.encoding(),
            kernels.support().describe(),
            source.outputs(),
            source.inputs(),
            rows)
        .isEmpty();
  }

  private static double[] activations(WeightSource source, MemorySegment x, int row) {
    double[] values = new double[source.inputs()];
    float min = 0;
    float max = 0;
    for (int k = 0; k < values.length; k++) {
      float value = at(x, (long) row * values.length + k);
      values[k] = value;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    if (!source.encoding().quantized()) {
      return values;
    }
    float scale = min == max ? 1 : 255f / (max - min);
    float low = min * scale;
    float high = max * scale;
    float zeroPoint = (-128 + low) + (127 + high) > 0 ? -128 - low : 127 - high;
    int zero = (int) Math.rint(Math.clamp(zeroPoint, -128, 127));
    for (int k = 0; k < values.length; k++) {
      float value = at(x, (long) row * values.length + k);
      double quantized = Math.clamp(Math.rint(value * scale) + zero, -128, 127);
      values[k] = (quantized - zero) * (1 / scale);
    }
    return values;
  }

  private static double weight(WeightSource source, int n, int k) {
    int row = source.transposed() ? k : n;
    int column = source.transposed() ? n : k;
    int length = source.transposed() ? source.outputs() : source.inputs();
    MemorySegment values = source.values();
    long index = (long) row * length + column;
    return switch (source.encoding()) {
      case FLOAT32 -> at(values, index);
      case FLOAT16 -> HalfFloat.toFloat(Memory.getShort(values, 2 * index));
      case BFLOAT16 -> BFloat16.toFloat(Memory.getShort(values, 2 * index));
      case INT8_PER_CHANNEL -> (double) Memory.getByte(values, index) * at(source.scales(), n);
      case INT4_PER_CHANNEL ->
          (double) nibble(values, row, column, length) * at(source.scales(), n);
      case INT4_PER_GROUP -> {
        long group = (long) n * (source.inputs() / source.groupSize()) + k / source.groupSize();
        float scale = BFloat16.toFloat(Memory.getShort(source.scales(), 2 * group));
        yield (double) nibble(values, row, column, length) * scale;
      }
    };
  }

  private static int nibble(MemorySegment values, int row, int column, int length) {
    int pair = Memory.getByte(values, row * ((length + 1L) / 2) + column / 2) & 0xFF;
    return (column % 2 == 0 ? pair & 15 : pair >> 4) - 8;
  }
}
