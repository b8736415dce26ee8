package dev.sconce.graph.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.base.DType;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.quantize.WeightScheme.ScaleChoice;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuantizedMatrixTest {

  @ParameterizedTest
  @CsvSource({"4,32,HQQ", "4,0,HQQ", "8,0,HQQ", "4,32,ABSMAX", "8,0,ABSMAX", "4,8,ABSMAX"})
  void integersAreTheQuotientsRoundedToEvenAndClamped(int bits, int group, ScaleChoice choice) {
    WeightScheme scheme = new WeightScheme(bits, group, choice);
    Matrix weights = Matrix.random(13, 64, 7);
    QuantizedMatrix quantized = new QuantizedMatrix(weights, scheme);
    float[] scales = floats(quantized.scales(DType.FLOAT32));
    byte[] integers = bytes(quantized.integers(Packing.BYTES));
    int length = scheme.groupLength(64);
    for (int i = 0; i < integers.length; i++) {
      double quotient = weights.values[i] / scales[i / length];
      double expected = Math.clamp(Math.rint((float) quotient), scheme.min(), scheme.max());
      assertThat((double) integers[i]).as("weight %d", i).isEqualTo(expected);
    }
    assertThat(quantized.errors().getFirst().relativeError()).isBetween(0.0, 0.2);
  }

  @Test
  void hqqMatchesTheFormulaRoundByRound() {
    WeightScheme scheme = new WeightScheme(4, 32, ScaleChoice.HQQ);
    Matrix weights = Matrix.random(40, 96, 11);
    float[] scales = floats(new QuantizedMatrix(weights, scheme).scales(DType.FLOAT32));
    double[] expected = hqqOverTheWholeMatrix(weights.values, 32, -8, 7);
    for (int i = 0; i < scales.length; i++) {
      assertThat((double) scales[i]).as("group %d", i).isCloseTo(expected[i], within(1e-6));
    }
  }

  /** The published loop, in doubles, with its stop over the whole matrix. */
  private static double[] hqqOverTheWholeMatrix(float[] w, int group, int min, int max) {
    int groups = w.length / group;
    double[] scale = new double[groups];
    for (int g = 0; g < groups; g++) {
      for (int i = g * group; i < (g + 1) * group; i++) {
        scale[g] = Math.max(scale[g], Math.abs(w[i]) / (double) -min);
      }
    }
    for (int round = 0; round < 20; round++) {
      double largest = 0;
      for (int g = 0; g < groups; g++) {
        double numerator = 0;
        double denominator = 0;
        for (int i = g * group; i < (g + 1) * group; i++) {
          double q = Math.clamp(Math.rint(w[i] / scale[g]), min, max);
          numerator += w[i] * q;
          denominator += q * q;
        }
        double next = denominator > 0 ? numerator / denominator : scale[g];
        largest = Math.max(largest, Math.abs(next - scale[g]) / scale[g]);
        scale[g] = next;
      }
      if (largest < 1e-5) {
        break;
      }
    }
    return scale;
  }

  @Test
  void groupOfZerosHasAPositiveScale() {
    Matrix zeros = new Matrix("zeros", 2, 32, new float[64]);
    for (ScaleChoice choice : ScaleChoice.values()) {
      QuantizedMatrix quantized = new QuantizedMatrix(zeros, new WeightScheme(4, 32, choice));
      assertThat(floats(quantized.scales(DType.FLOAT32))).containsOnly(0x1p-23f);
      assertThat(bytes(quantized.integers(Packing.BYTES))).containsOnly((byte) 0);
    }
  }

  @Test
  void nibbleOrdersAreOpposite() {
    Matrix row = new Matrix("row", 1, 4, new float[] {-8, 7, 1, 0});
    QuantizedMatrix quantized = new QuantizedMatrix(row, new WeightScheme(4, 0, ScaleChoice.HQQ));
    assertThat(bytes(quantized.integers(Packing.NIBBLES_EVEN_LOW)))
        .containsExactly((byte) 0xF0, (byte) 0x89);
    assertThat(bytes(quantized.integers(Packing.NIBBLES_EVEN_HIGH)))
        .containsExactly((byte) 0x0F, (byte) 0x98);
  }

  @Test
  void rejectsRowsThatDoNotFallIntoGroups() {
    Matrix weights = Matrix.random(2, 40, 1);
    WeightScheme scheme = new WeightScheme(4, 32, ScaleChoice.HQQ);
    assertThatThrownBy(() -> new QuantizedMatrix(weights, scheme))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("40");
  }

  private static byte[] bytes(ConstantData data) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(data.byteSize());
      data.writeTo(target);
      return target.toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static float[] floats(ConstantData data) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(data.byteSize(), Float.BYTES);
      data.writeTo(target);
      return target.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  private static final class Matrix implements WeightRows {
    private final String identity;
    private final int rows;
    private final int columns;
    private final float[] values;

    Matrix(String identity, int rows, int columns, float[] values) {
      this.identity = identity;
      this.rows = rows;
      this.columns = columns;
      this.values = values;
    }

    static Matrix random(int rows, int columns, long seed) {
      Random random = new Random(seed);
      float[] values = new float[rows * columns];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return new Matrix("random seed " + seed, rows, columns, values);
    }

    @Override
    public int rows() {
      return rows;
    }

    @Override
    public int columns() {
      return columns;
    }

    @Override
    public String identity() {
      return identity;
    }

    @Override
    public void read(int firstRow, int count, float[] target) {
      System.arraycopy(values, firstRow * columns, target, 0, count * columns);
    }
  }
}
