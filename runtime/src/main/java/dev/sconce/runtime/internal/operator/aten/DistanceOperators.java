package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.View;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.Arrays;

/** Distances between the rows of matrices, in any p-norm. */
public final class DistanceOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.add("aten::_cdist_forward.out", DistanceOperators::bindBetween);
    table.add("aten::_pdist_forward.out", DistanceOperators::bindWithin);
  }

  private static double norm(ScalarSlot p) {
    double order = p.toDouble();
    if (!(order >= 0)) {
      throw OperatorFailure.of("p: expected a number of at least 0, found %s", order);
    }
    return order;
  }

  private static Step bindWithin(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    ScalarSlot p = call.number(1);
    TensorSlot out = call.tensor(2);
    return context -> {
      double order = norm(p);
      Elements target = Elements.of(out);
      double[][] rows = rows(View.of(self));
      long next = 0;
      for (int i = 0; i < rows.length; i++) {
        for (int j = i + 1; j < rows.length; j++) {
          target.setDouble(next++, distance(rows[i], rows[j], order));
        }
      }
    };
  }

  private static Step bindBetween(OperatorCall call) {
    TensorSlot first = call.tensor(0);
    TensorSlot second = call.tensor(1);
    ScalarSlot p = call.number(2);
    TensorSlot out = call.tensor(4);
    return context -> {
      long[] batch = Arrays.copyOf(View.of(out).sizes(), out.rank() - 2);
      between(expand(first, batch), expand(second, batch), View.of(out), norm(p));
    };
  }

  private static View expand(TensorSlot tensor, long[] batch) {
    View view = View.of(tensor);
    long[] sizes = Arrays.copyOf(batch, batch.length + 2);
    sizes[batch.length] = tensor.size(tensor.rank() - 2);
    sizes[batch.length + 1] = tensor.size(tensor.rank() - 1);
    return view.expand(sizes);
  }

  private static void between(View first, View second, View out, double order) {
    if (out.sizes().length > 2) {
      for (long i = 0; i < out.sizes()[0]; i++) {
        between(first.select(0, i), second.select(0, i), out.select(0, i), order);
      }
      return;
    }
    double[][] left = rows(first);
    double[][] right = rows(second);
    for (int i = 0; i < left.length; i++) {
      for (int j = 0; j < right.length; j++) {
        double distance = distance(left[i], right[j], order);
        out.select(0, i).select(0, j).fill((elements, at) -> elements.setDouble(at, distance));
      }
    }
  }

  private static double[][] rows(View matrix) {
    int width = Math.toIntExact(matrix.sizes()[1]);
    double[][] rows = new double[Math.toIntExact(matrix.sizes()[0])][width];
    Elements elements = matrix.elements();
    for (int i = 0; i < rows.length; i++) {
      double[] row = rows[i];
      int[] next = {0};
      matrix
          .select(0, i)
          .walk(
              (offsets, steps, count) -> {
                for (long k = 0; k < count; k++) {
                  row[next[0]++] = elements.getDouble(offsets[0] + k * steps[0]);
                }
              });
    }
    return rows;
  }

  private static double distance(double[] a, double[] b, double order) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double gap = Math.abs(a[i] - b[i]);
      if (order == 0) {
        sum += gap == 0 ? 0 : 1;
      } else if (Double.isInfinite(order)) {
        sum = Math.max(sum, gap);
      } else {
        sum += Math.pow(gap, order);
      }
    }
    return order == 0 || Double.isInfinite(order) ? sum : Math.pow(sum, 1 / order);
  }
}
