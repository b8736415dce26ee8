package dev.sconce.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class IntegerProductsTest {

  @Test
  void sumsAreExactHoweverLong() {
    for (Kernels kernels : TestMemory.implementations().toList()) {
      for (int inputs : new int[] {1, 255, 256, 257, 1000, 3000}) {
        for (int rows : new int[] {1, 4, 300}) {
          QuantizedType unsigned = new QuantizedType(false, 1, 0);
          check(kernels, rows, inputs, 35, rows == 4, unsigned, inputs * 100f);
        }
      }
      kernels.close();
    }
  }

  @Test
  void sumsOfManyRowsInSeveralChunksStayApart() {
    // Sums about zero, which the results' range holds: those of another row would be seen.
    QuantizedType centered = new QuantizedType(false, 1, 128);
    for (Kernels kernels : TestMemory.implementations().toList()) {
      for (int inputs : new int[] {200, 257, 600}) {
        for (int rows : new int[] {12, 257, 264, 530}) {
          check(kernels, rows, inputs, 35, false, centered, 200 * (float) Math.sqrt(inputs));
        }
      }
      kernels.close();
    }
  }

  @Test
  void rejectsZeroPointOutsideItsType() {
    assertThatThrownBy(() -> new QuantizedType(true, 1, 128))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> new QuantizedType(false, 0, 0))
        .isInstanceOf(InvalidInputException.class);
  }

  private static void check(
      Kernels kernels,
      int rows,
      int inputs,
      int outputs,
      boolean transposed,
      QuantizedType xType,
      float yScale) {
    TestMemory memory = new TestMemory(inputs);
    MemorySegment x = memory.bytes((long) rows * inputs);
    MemorySegment w = memory.bytes((long) outputs * inputs);
    // All at one end of the range: the sums are as great as they can be.
    x.asSlice(0, inputs).fill((byte) 0xFF);
    w.asSlice(0, inputs).fill((byte) 0xFF);
    QuantizedType yType = new QuantizedType(true, yScale, 0);
    IntegerWeights source =
        new IntegerWeights(outputs, inputs, transposed, w, false, 0, new float[] {1}, null);
    PackedIntegerWeights packed = kernels.integerProducts().pack(source, memory.arena());
    MemorySegment y = memory.bytes((long) rows * outputs);
    kernels.integerProducts().multiply(packed, x, xType, rows, y, yType, -128, 127);
    for (int row = 0; row < rows; row++) {
      for (int n = 0; n < outputs; n++) {
        long sum = 0;
        for (int k = 0; k < inputs; k++) {
          long at = transposed ? (long) k * outputs + n : (long) n * inputs + k;
          int left = Memory.getByte(x, (long) row * inputs + k) & 0xFF;
          left -= xType.zeroPoint();
          sum += (long) left * (Memory.getByte(w, at) & 0xFF);
        }
        float factor = 1f / yType.scale();
        double expected = Math.clamp(Math.rint((float) sum * factor), -128, 127);
        assertThat((double) Memory.getByte(y, (long) row * outputs + n))
            .as("[%d,%d] rows %d inputs %d", row, n, rows, inputs)
            .isEqualTo(expected);
      }
    }
  }
}
