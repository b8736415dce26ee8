package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.kernels.RowFunctions;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.Floats;
import dev.sconce.runtime.internal.operator.element.Lines;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.lang.foreign.MemorySegment;

/** Softmax along a dimension, and its logarithm. */
public final class SoftmaxOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.add("aten::_softmax.out", call -> bind(call, false));
    table.add("aten::_log_softmax.out", call -> bind(call, true));
  }

  private static Step bind(OperatorCall call, boolean logarithm) {
    TensorSlot self = call.tensor(0);
    ScalarSlot dim = call.integer(1);
    TensorSlot out = call.tensor(3);
    return context -> {
      int along = Operands.dimension(dim.longValue(), self.rank());
      int size = self.rank() == 0 ? 1 : self.size(along);
      if (along == self.rank() - 1 && Floats.areRowMajor(self, out)) {
        rows(call.kernels().rowFunctions(), logarithm, self, out, size);
        return;
      }
      long from = self.rank() == 0 ? 1 : self.stride(along);
      long to = self.rank() == 0 ? 1 : out.stride(along);
      Elements source = Elements.of(self);
      Elements target = Elements.of(out);
      double[] line = new double[size];
      Lines.forEach(
          along,
          starts -> {
            for (int i = 0; i < size; i++) {
              line[i] = source.getDouble(starts[0] + i * from);
            }
            if (logarithm) {
              logSoftmax(line);
            } else {
              softmax(line);
            }
            for (int i = 0; i < size; i++) {
              target.setDouble(starts[1] + i * to, line[i]);
            }
          },
          self,
          out);
    };
  }

  private static void rows(
      RowFunctions functions, boolean logarithm, TensorSlot self, TensorSlot out, int size) {
    MemorySegment x = Elements.memoryOf(self);
    MemorySegment y = Elements.memoryOf(out);
    int rows = Math.toIntExact(self.numel() / size);
    if (logarithm) {
      functions.logSoftmax(x, y, rows, size);
    } else {
      functions.softmax(x, y, rows, size);
    }
  }

  private static double maximum(double[] line) {
    double maximum = Double.NEGATIVE_INFINITY;
    for (double value : line) {
      maximum = Math.max(maximum, value);
    }
    return maximum;
  }

  static void softmax(double[] line) {
    double maximum = maximum(line);
    double sum = 0;
    for (int i = 0; i < line.length; i++) {
      line[i] = Math.exp(line[i] - maximum);
      sum += line[i];
    }
    for (int i = 0; i < line.length; i++) {
      line[i] /= sum;
    }
  }

  private static void logSoftmax(double[] line) {
    double maximum = maximum(line);
    double sum = 0;
    for (double value : line) {
      sum += Math.exp(value - maximum);
    }
    double logarithm = Math.log(sum);
    for (int i = 0; i < line.length; i++) {
      line[i] = line[i] - maximum - logarithm;
    }
  }
}
