package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.View;
import dev.sconce.runtime.internal.slot.DoubleListSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import org.jspecify.annotations.Nullable;

/** Images at other sizes, and cut in tiles. Source positions are computed in float, as upstream. */
public final class ResamplingOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.add("aten::upsample_nearest2d.vec_out", ResamplingOperators::bindNearest);
    table.add("aten::upsample_bilinear2d.vec_out", ResamplingOperators::bindBilinear);
    table.add("aten::_upsample_bilinear2d_aa.out", ResamplingOperators::bindAntialiased);
    table.addUntyped("preprocess::tile_crop.out", ResamplingOperators::bindTiles);
  }

  /** How many pixels of the argument one of the result stands for. */
  private static float scale(
      int from, int to, boolean alignCorners, @Nullable DoubleListSlot factors, int dim) {
    if (alignCorners) {
      return to > 1 ? (float) (from - 1) / (to - 1) : 0;
    }
    return factors == null ? (float) from / to : (float) (1 / factors.get(dim));
  }

  /** Scale factors count only where no size is given. */
  private static @Nullable DoubleListSlot factors(OperatorCall call, int position) {
    return call.isNone(1) ? call.optionalDoubles(position) : null;
  }

  private static Step bindNearest(OperatorCall call) {
    TensorSlot input = call.tensor(0);
    DoubleListSlot factors = factors(call, 2);
    TensorSlot out = call.tensor(3);
    return context -> {
      float rows = scale(input.size(2), out.size(2), false, factors, 0);
      float columns = scale(input.size(3), out.size(3), false, factors, 1);
      Elements source = Elements.of(input);
      Elements target = Elements.of(out);
      Planes.forEach(
          input,
          out,
          (plane, y, x, at) -> {
            int fromY = Math.min((int) Math.floor(y * rows), plane.height() - 1);
            int fromX = Math.min((int) Math.floor(x * columns), plane.width() - 1);
            target.setDouble(at, source.getDouble(plane.at(fromY, fromX)));
          });
    };
  }

  /** Two neighbours in one dimension and how much the second weighs. */
  private record Neighbours(int first, int second, float weight) {
    static Neighbours of(int place, int from, int to, float scale, boolean alignCorners) {
      if (from == to) {
        return new Neighbours(place, place, 0);
      }
      float position = alignCorners ? scale * place : Math.max(0, scale * (place + 0.5f) - 0.5f);
      int first = Math.min((int) position, from - 1);
      int second = Math.min(first + 1, from - 1);
      return new Neighbours(first, second, Math.clamp(position - first, 0.0f, 1.0f));
    }
  }

  private static Step bindBilinear(OperatorCall call) {
    TensorSlot input = call.tensor(0);
    ScalarSlot align = call.bool(2);
    DoubleListSlot factors = factors(call, 3);
    TensorSlot out = call.tensor(4);
    return context -> {
      boolean aligned = align.boolValue();
      int height = out.size(2);
      int width = out.size(3);
      float rows = scale(input.size(2), height, aligned, factors, 0);
      float columns = scale(input.size(3), width, aligned, factors, 1);
      Elements source = Elements.of(input);
      Elements target = Elements.of(out);
      Planes.forEach(
          input,
          out,
          (plane, y, x, at) -> {
            Neighbours v = Neighbours.of(y, plane.height(), height, rows, aligned);
            Neighbours h = Neighbours.of(x, plane.width(), width, columns, aligned);
            double top = mix(source, plane, v.first, h);
            double bottom = mix(source, plane, v.second, h);
            target.setDouble(at, (1 - v.weight) * top + v.weight * bottom);
          });
    };
  }

  private static double mix(Elements source, Planes.Plane plane, int row, Neighbours h) {
    double left = source.getDouble(plane.at(row, h.first));
    double right = source.getDouble(plane.at(row, h.second));
    return (1 - h.weight) * left + h.weight * right;
  }

  private static Step bindAntialiased(OperatorCall call) {
    TensorSlot input = call.tensor(0);
    ScalarSlot align = call.bool(2);
    ScalarSlot scaleY = call.optionalNumber(3);
    ScalarSlot scaleX = call.optionalNumber(4);
    TensorSlot out = call.tensor(5);
    return context -> {
      Elements source = Elements.of(input);
      Elements target = Elements.of(out);
      int lead = input.rank() - 2;
      Triangle[] rows = triangles(input.size(lead), out.size(lead), align.boolValue(), scaleY);
      Triangle[] columns =
          triangles(input.size(lead + 1), out.size(lead + 1), align.boolValue(), scaleX);
      Planes.forEach(
          input,
          out,
          (plane, y, x, at) -> {
            double sum = 0;
            for (int ky = 0; ky < rows[y].weights.length; ky++) {
              double line = 0;
              for (int kx = 0; kx < columns[x].weights.length; kx++) {
                long from = plane.at(rows[y].start + ky, columns[x].start + kx);
                line += columns[x].weights[kx] * source.getDouble(from);
              }
              sum += rows[y].weights[ky] * line;
            }
            target.setDouble(at, sum);
          });
    };
  }

  /** The weights of neighbours that fall in a triangle as wide as the step between two places. */
  private static final class Triangle {
    final int start;
    final double[] weights;

    Triangle(int place, int from, double scale) {
      double support = Math.max(1, scale);
      double center = scale * (place + 0.5);
      this.start = Math.max(0, (int) (center - support + 0.5));
      int end = Math.min(from, (int) (center + support + 0.5));
      this.weights = new double[Math.max(0, end - start)];
      double total = 0;
      for (int i = 0; i < weights.length; i++) {
        double distance = Math.abs((i + start - center + 0.5) / support);
        weights[i] = Math.max(0, 1 - distance);
        total += weights[i];
      }
      for (int i = 0; total != 0 && i < weights.length; i++) {
        weights[i] /= total;
      }
    }
  }

  private static Triangle[] triangles(
      int from, int to, boolean aligned, @Nullable ScalarSlot factor) {
    double scale;
    if (aligned) {
      scale = to > 1 ? (double) (from - 1) / (to - 1) : 0;
    } else {
      scale = factor == null ? (double) from / to : 1 / factor.toDouble();
    }
    Triangle[] triangles = new Triangle[to];
    for (int place = 0; place < to; place++) {
      triangles[place] = new Triangle(place, from, scale);
    }
    return triangles;
  }

  /** [C, H, W] becomes [tiles, C, size, size], row of tiles by row of tiles. */
  private static Step bindTiles(OperatorCall call) {
    TensorSlot input = call.tensor(0);
    ScalarSlot tile = call.integer(1);
    TensorSlot out = call.tensor(2);
    return context -> {
      int size = tile.intValue();
      if (size <= 0) {
        throw OperatorFailure.of("tile_size: expected a positive number, found %d", size);
      }
      int next = 0;
      for (int y = 0; y < input.size(1); y += size) {
        for (int x = 0; x < input.size(2); x += size) {
          View.of(input)
              .slice(1, y, size, 1)
              .slice(2, x, size, 1)
              .copyTo(View.of(out).select(0, next++));
        }
      }
    };
  }
}
