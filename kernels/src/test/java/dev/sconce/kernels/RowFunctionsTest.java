package dev.sconce.kernels;

import static dev.sconce.kernels.TestMemory.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Row functions against their definitions in double. */
class RowFunctionsTest {

  private static final int[] COLUMNS = {1, 2, 7, 15, 16, 17, 31, 33, 64, 100, 577, 1025};
  private static final int ROWS = 3;

  /** What is tested: fills y from x, a matrix with the given number of columns. */
  private interface Check {
    void run(Kernels kernels, TestMemory memory, MemorySegment x, int columns);
  }

  private static void everywhere(Check check) {
    for (Kernels kernels : TestMemory.implementations().toList()) {
      for (int columns : COLUMNS) {
        TestMemory memory = new TestMemory(columns);
        check.run(kernels, memory, memory.floats((long) ROWS * columns, -8, 9), columns);
      }
      kernels.close();
    }
  }

  @Test
  void softmaxSumsToOneInProportion() {
    everywhere(
        (kernels, memory, x, columns) -> {
          MemorySegment y = memory.empty((long) ROWS * columns);
          MemorySegment logs = memory.empty((long) ROWS * columns);
          kernels.rowFunctions().softmax(x, y, ROWS, columns);
          kernels.rowFunctions().logSoftmax(x, logs, ROWS, columns);
          for (int row = 0; row < ROWS; row++) {
            double sum = 0;
            for (int i = 0; i < columns; i++) {
              sum += Math.exp(at(x, row * columns + i));
            }
            for (int i = 0; i < columns; i++) {
              double expected = Math.exp(at(x, row * columns + i)) / sum;
              int index = row * columns + i;
              assertThat((double) at(y, index)).isCloseTo(expected, within(expected * 2e-6));
              assertThat((double) at(logs, index)).isCloseTo(Math.log(expected), within(3e-6));
            }
          }
        });
  }

  @Test
  void exponentialsOfLongRowsAddUp() {
    for (Kernels kernels : TestMemory.implementations().toList()) {
      for (int count : new int[] {0, 1, 15, 17, 511, 513, 1100, 49_153}) {
        float[] scores = new float[count];
        Random random = new Random(count);
        double expected = 0;
        for (int i = 0; i < count; i++) {
          boolean banned = random.nextInt(10) == 0;
          scores[i] = banned ? Float.NEGATIVE_INFINITY : 3 - random.nextFloat(120);
          expected += Math.exp(scores[i] - 3f);
        }
        assertThat(kernels.rowFunctions().sumOfExponentials(scores, 3))
            .as("%s scores", count)
            .isCloseTo(expected, within(expected * 2e-7));
      }
      kernels.close();
    }
  }

  @Test
  void softmaxOfMaskedRow() {
    for (Kernels kernels : TestMemory.implementations().toList()) {
      TestMemory memory = new TestMemory(0);
      MemorySegment x = memory.floats(40, 1, 1);
      for (int i = 0; i < 39; i++) {
        Memory.setFloat(x, 4L * i, Float.NEGATIVE_INFINITY);
      }
      kernels.rowFunctions().softmax(x, x, 1, 40);
      assertThat(at(x, 0)).isEqualTo(0);
      assertThat(at(x, 39)).isEqualTo(1);
      for (int i = 0; i < 40; i++) {
        Memory.setFloat(x, 4L * i, Float.NEGATIVE_INFINITY);
      }
      kernels.rowFunctions().softmax(x, x, 1, 40);
      assertThat(at(x, 7)).isNaN();
      kernels.close();
    }
  }

  @Test
  void normsFollowTheirFormulas() {
    everywhere(
        (kernels, memory, x, columns) -> {
          MemorySegment layer = memory.empty((long) ROWS * columns);
          MemorySegment rms = memory.empty((long) ROWS * columns);
          MemorySegment weight = memory.floats(columns, -2, 2);
          MemorySegment bias = memory.floats(columns, -2, 2);
          MemorySegment mean = memory.empty(ROWS);
          MemorySegment deviation = memory.empty(ROWS);
          kernels
              .rowFunctions()
              .layerNorm(x, layer, ROWS, columns, weight, bias, 1e-5, mean, deviation);
          kernels.rowFunctions().rmsNorm(x, rms, ROWS, columns, weight, 1, 1e-6);
          for (int row = 0; row < ROWS; row++) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < columns; i++) {
              double value = at(x, row * columns + i);
              sum += value;
              squares += value * value;
            }
            double average = sum / columns;
            double variance = 0;
            for (int i = 0; i < columns; i++) {
              variance += Math.pow(at(x, row * columns + i) - average, 2) / columns;
            }
            double factor = 1 / Math.sqrt(variance + 1e-5);
            assertThat((double) at(mean, row)).isCloseTo(average, within(1e-5));
            assertThat((double) at(deviation, row)).isCloseTo(factor, within(1e-5 * factor));
            for (int i = 0; i < columns; i++) {
              int index = row * columns + i;
              double w = at(weight, i);
              double expected = (at(x, index) - average) * factor * w + at(bias, i);
              assertThat((double) at(layer, index)).isCloseTo(expected, within(1e-5));
              expected = at(x, index) / Math.sqrt(squares / columns + 1e-6) * (w + 1);
              assertThat((double) at(rms, index)).isCloseTo(expected, within(1e-5));
            }
          }
        });
  }

  @Test
  void layerNormKeepsDigitsFarFromZero() {
    for (Kernels kernels : TestMemory.implementations().toList()) {
      TestMemory memory = new TestMemory(0);
      MemorySegment x = memory.floats(768, 1000, 1001);
      MemorySegment y = memory.empty(768);
      kernels.rowFunctions().layerNorm(x, y, 1, 768, null, null, 0, null, null);
      double squares = 0;
      for (int i = 0; i < 768; i++) {
        squares += at(y, i) * (double) at(y, i);
      }
      assertThat(squares / 768).isCloseTo(1, within(1e-4));
      kernels.close();
    }
  }

  @Test
  void reducesRows() {
    everywhere(
        (kernels, memory, x, columns) -> {
          MemorySegment sum = memory.empty(ROWS);
          MemorySegment mean = memory.empty(ROWS);
          MemorySegment max = memory.empty(ROWS);
          kernels.rowFunctions().sum(x, sum, ROWS, columns);
          kernels.rowFunctions().mean(x, mean, ROWS, columns);
          kernels.rowFunctions().max(x, max, ROWS, columns);
          for (int row = 0; row < ROWS; row++) {
            double expected = 0;
            float greatest = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < columns; i++) {
              expected += at(x, row * columns + i);
              greatest = Math.max(greatest, at(x, row * columns + i));
            }
            assertThat((double) at(sum, row)).isCloseTo(expected, within(1e-5 * columns));
            assertThat((double) at(mean, row)).isCloseTo(expected / columns, within(1e-5));
            assertThat(at(max, row)).isEqualTo(greatest);
          }
          Memory.setFloat(x, 4L * (columns - 1), Float.NaN);
          kernels.rowFunctions().max(x, max, ROWS, columns);
          assertThat(at(max, 0)).isNaN();
          assertThat(at(max, 1)).isNotNaN();
        });
  }

  @Test
  void quantizesAsXnnpackDoes() {
    everywhere(
        (kernels, memory, x, columns) -> {
          MemorySegment space = memory.bytes(QuantizedRows.byteSize(ROWS, columns));
          QuantizedRows rows = new QuantizedRows(space, ROWS, columns);
          kernels.matrixProducts().quantize(x, rows);
          try (Kernels reference = Kernels.create(new KernelSupport(0, 1, "reference", ""))) {
            MemorySegment other = memory.bytes(QuantizedRows.byteSize(ROWS, columns));
            reference.matrixProducts().quantize(x, new QuantizedRows(other, ROWS, columns));
            assertThat(space.mismatch(other)).isEqualTo(-1);
          }
          for (int row = 0; row < ROWS; row++) {
            float scale = Memory.getFloat(space, rows.scaleOffset(row));
            int zeroPoint = Memory.getInt(space, rows.zeroPointOffset(row));
            for (int i = 0; i < columns; i++) {
              int value = Memory.getByte(space, rows.valuesOffset(row) + i);
              double back = (value - zeroPoint) * (double) scale;
              assertThat(back).isCloseTo(at(x, row * columns + i), within(scale * 1.01));
            }
          }
        });
  }
}
