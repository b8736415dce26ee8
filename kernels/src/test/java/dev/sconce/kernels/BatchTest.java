package dev.sconce.kernels;

import static dev.sconce.kernels.TestMemory.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.kernels.BatchShape.Spacing;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {

  @Test
  void multipliesPairwise() {
    List<Kernels> implementations = TestMemory.implementations().toList();
    int[][] sizes = {
      {1, 1, 1}, {1, 5, 33}, {1, 70, 133}, {9, 31, 32}, {13, 600, 40}, {40, 7, 65}, {3, 0, 4}
    };
    for (int[] size : sizes) {
      for (boolean transposed : new boolean[] {false, true}) {
        check(implementations, BatchShape.of(3, size[0], size[1], size[2], transposed));
        check(implementations, oneForAll(size[0], size[1], size[2], transposed));
        check(implementations, interleaved(size[0], size[1], size[2], transposed));
      }
    }
    implementations.forEach(Kernels::close);
  }

  /** Two left matrices, one right matrix. */
  private static BatchShape oneForAll(int rows, int inputs, int columns, boolean transposed) {
    Spacing left = new Spacing((long) rows * inputs, inputs);
    Spacing right = new Spacing(0, transposed ? inputs : columns);
    return new BatchShape(2, rows, inputs, columns, transposed, left, right);
  }

  /** The rows of three matrices by turns, as the heads of attention lie in a cache. */
  private static BatchShape interleaved(int rows, int inputs, int columns, boolean transposed) {
    int width = transposed ? inputs : columns;
    Spacing left = new Spacing(inputs, 3L * inputs);
    Spacing right = new Spacing(width, 3L * width);
    return new BatchShape(3, rows, inputs, columns, transposed, left, right);
  }

  private static void check(List<Kernels> implementations, BatchShape shape) {
    TestMemory memory = new TestMemory(shape.hashCode());
    int rows = shape.rows();
    int inputs = shape.inputs();
    int columns = shape.columns();
    MemorySegment a = memory.floats((long) shape.batch() * rows * inputs, -1, 1);
    MemorySegment b = memory.floats((long) shape.batch() * inputs * columns, -1, 1);
    for (Kernels kernels : implementations) {
      MemorySegment y = memory.floats((long) shape.batch() * rows * columns, 5, 6);
      kernels.matrixProducts().multiplyBatch(shape, a, b, y, Clamp.RELU);
      for (int batch = 0; batch < shape.batch(); batch++) {
        for (int m = 0; m < rows; m++) {
          for (int n = 0; n < columns; n++) {
            double sum = 0;
            for (int k = 0; k < inputs; k++) {
              long left = batch * shape.a().matrices() + m * shape.a().rows() + k;
              long right =
                  batch * shape.b().matrices()
                      + (shape.transposed() ? n * shape.b().rows() + k : k * shape.b().rows() + n);
              sum += (double) at(a, left) * at(b, right);
            }
            assertThat((double) at(y, ((long) batch * rows + m) * columns + n))
                .as("%s [%d,%d,%d]", shape, batch, m, n)
                .isCloseTo(Math.max(0, sum), within(1e-6 * (inputs + 1)));
          }
        }
      }
    }
  }
}
