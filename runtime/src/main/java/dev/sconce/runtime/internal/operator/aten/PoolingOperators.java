package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.slot.IntListSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import org.jspecify.annotations.Nullable;

/** Pooling over the last two dimensions. */
public final class PoolingOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.add("aten::avg_pool2d.out", PoolingOperators::bindAverage);
    table.add("aten::_adaptive_avg_pool2d.out", PoolingOperators::bindAdaptive);
    table.add("aten::max_pool2d_with_indices.out", PoolingOperators::bindMaximum);
    table.add(
        "aten::max_pool2d_with_indices_backward.grad_input", PoolingOperators::bindMaximumBackward);
  }

  private static Window window(
      IntListSlot kernel,
      IntListSlot stride,
      IntListSlot padding,
      @Nullable IntListSlot dilation,
      int dim) {
    int size = Window.at(kernel, dim, 1);
    return new Window(
        size,
        Window.at(stride, dim, size),
        Window.at(padding, dim, 0),
        dilation == null ? 1 : Window.at(dilation, dim, 1));
  }

  private static Step bindAverage(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    ScalarSlot includePadding = call.bool(5);
    ScalarSlot divisor = call.optionalInteger(6);
    TensorSlot out = call.tensor(7);
    return context -> {
      Window rows = window(call.ints(1), call.ints(2), call.ints(3), null, 0);
      Window columns = window(call.ints(1), call.ints(2), call.ints(3), null, 1);
      boolean padded = includePadding.boolValue();
      long fixed = divisor == null ? 0 : divisor.longValue();
      if (divisor != null && fixed == 0) {
        throw new OperatorFailure("divisor_override: expected a number other than 0, found 0");
      }
      Elements source = Elements.of(self);
      Elements target = Elements.of(out);
      Planes.forEach(
          self,
          out,
          (plane, y, x, at) -> {
            // Padding counts, but not what a rounded-up last window has beyond it.
            int top = rows.source(y, 0);
            int left = columns.source(x, 0);
            int bottom = Math.min(top + rows.kernel(), plane.height() + rows.padding());
            int right = Math.min(left + columns.kernel(), plane.width() + columns.padding());
            long area = (long) (bottom - top) * (right - left);
            top = Math.max(top, 0);
            left = Math.max(left, 0);
            bottom = Math.min(bottom, plane.height());
            right = Math.min(right, plane.width());
            long inside = (long) Math.max(0, bottom - top) * Math.max(0, right - left);
            long count = divisor != null ? fixed : padded ? area : inside;
            double sum = sum(source, plane, top, bottom, left, right);
            target.setDouble(at, inside == 0 ? 0 : sum / count);
          });
    };
  }

  private static double sum(
      Elements source, Planes.Plane plane, int top, int bottom, int left, int right) {
    double sum = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        sum += source.getDouble(plane.at(y, x));
      }
    }
    return sum;
  }

  private static Step bindAdaptive(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    TensorSlot out = call.tensor(2);
    return context -> {
      Elements source = Elements.of(self);
      Elements target = Elements.of(out);
      int height = out.size(out.rank() - 2);
      int width = out.size(out.rank() - 1);
      Planes.forEach(
          self,
          out,
          (plane, y, x, at) -> {
            int top = begin(y, plane.height(), height);
            int bottom = end(y, plane.height(), height);
            int left = begin(x, plane.width(), width);
            int right = end(x, plane.width(), width);
            long area = (long) (bottom - top) * (right - left);
            target.setDouble(at, sum(source, plane, top, bottom, left, right) / area);
          });
    };
  }

  private static int begin(int place, int from, int to) {
    return (int) ((long) place * from / to);
  }

  private static int end(int place, int from, int to) {
    return (int) Math.ceilDiv((place + 1L) * from, (long) to);
  }

  private static Step bindMaximum(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    TensorSlot out = call.tensor(6);
    TensorSlot indices = call.tensor(7);
    return context -> {
      Window rows = window(call.ints(1), call.ints(2), call.ints(3), call.ints(4), 0);
      Window columns = window(call.ints(1), call.ints(2), call.ints(3), call.ints(4), 1);
      if (!out.hasSameDimOrder(indices)) {
        throw OperatorFailure.of("indices: expected the layout of %s, found %s", out, indices);
      }
      Elements source = Elements.of(self);
      Elements target = Elements.of(out);
      Elements positions = Elements.of(indices);
      Planes.forEach(
          self,
          out,
          (plane, y, x, at) -> {
            long best = -1;
            double largest = Double.NEGATIVE_INFINITY;
            for (int ky = 0; ky < rows.kernel(); ky++) {
              for (int kx = 0; kx < columns.kernel(); kx++) {
                int fromY = rows.source(y, ky);
                int fromX = columns.source(x, kx);
                if (fromY < 0 || fromY >= plane.height() || fromX < 0 || fromX >= plane.width()) {
                  continue;
                }
                double value = source.getDouble(plane.at(fromY, fromX));
                if (best < 0 || value > largest || Double.isNaN(value)) {
                  largest = value;
                  best = (long) fromY * plane.width() + fromX;
                }
              }
            }
            target.setDouble(at, largest);
            positions.setLong(at, Math.max(best, 0));
          });
    };
  }

  private static Step bindMaximumBackward(OperatorCall call) {
    TensorSlot gradient = call.tensor(0);
    TensorSlot indices = call.tensor(7);
    TensorSlot out = call.tensor(8);
    return context -> {
      if (!gradient.hasSameSizes(indices) || !gradient.hasSameDimOrder(indices)) {
        throw OperatorFailure.of("indices: expected the shape of %s, found %s", gradient, indices);
      }
      Elements positions = Elements.of(indices);
      Elements source = Elements.of(gradient);
      Elements target = Elements.of(out);
      for (long i = 0; i < out.numel(); i++) {
        target.setLong(i, 0);
      }
      Planes.forEach(
          out,
          gradient,
          (plane, y, x, at) -> {
            long area = (long) plane.height() * plane.width();
            long position = Operands.exactIndex("grad_input", positions.getLong(at), area);
            long to = plane.at((int) (position / plane.width()), (int) (position % plane.width()));
            target.setDouble(to, target.getDouble(to) + source.getDouble(at));
          });
    };
  }
}
