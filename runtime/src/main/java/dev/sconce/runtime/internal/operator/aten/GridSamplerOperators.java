package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.base.BFloat16;
import dev.sconce.base.DType;
import dev.sconce.base.HalfFloat;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;

/** Images sampled at points of a grid, whose coordinates run from -1 to 1. */
public final class GridSamplerOperators implements OperatorFamily {

  private static final double CUBIC = -0.75;

  @Override
  public void addTo(OperatorTable plain) {
    new RuledTable(plain).add("aten::grid_sampler_2d.out", GridSamplerOperators::bind);
  }

  private static Step bind(OperatorCall call) {
    TensorSlot input = call.tensor(0);
    TensorSlot grid = call.tensor(1);
    ScalarSlot interpolation = call.integer(2);
    ScalarSlot padding = call.integer(3);
    ScalarSlot align = call.bool(4);
    TensorSlot out = call.tensor(5);
    return context -> {
      Sampler sampler =
          new Sampler(
              Elements.of(input),
              Padding.of(padding.longValue()),
              interpolation.longValue(),
              align.boolValue(),
              grid.dtype());
      Elements points = Elements.of(grid);
      Elements target = Elements.of(out);
      for (int image = 0; image < input.size(0); image++) {
        for (int channel = 0; channel < input.size(1); channel++) {
          Planes.Plane from = Planes.Plane.of(input, image, channel);
          Planes.Plane to = Planes.Plane.of(out, image, channel);
          for (int y = 0; y < to.height(); y++) {
            for (int x = 0; x < to.width(); x++) {
              long point = image * grid.stride(0) + y * grid.stride(1) + x * grid.stride(2);
              double px = points.getDouble(point);
              double py = points.getDouble(point + grid.stride(3));
              target.setDouble(to.at(y, x), sampler.sample(from, py, px));
            }
          }
        }
      }
    };
  }

  /** What is seen outside the image. */
  private enum Padding {
    ZEROS,
    BORDER,
    REFLECTION;

    static Padding of(long code) {
      if (code < 0 || code >= values().length) {
        throw OperatorFailure.of("padding_mode: expected 0, 1 or 2, found %d", code);
      }
      return values()[(int) code];
    }

    double place(double position, int size, boolean aligned) {
      return switch (this) {
        case ZEROS -> position;
        case BORDER -> clip(position, size);
        case REFLECTION ->
            clip(
                aligned
                    ? reflect(position, 0, 2.0 * (size - 1))
                    : reflect(position, -1, 2.0 * size - 1),
                size);
      };
    }

    private static double clip(double position, int size) {
      return Math.min(Math.max(position, 0), size - 1);
    }

    /** Bounds are given twice as large, so that halves are whole numbers. */
    private static double reflect(double position, double twiceLow, double twiceHigh) {
      if (twiceLow == twiceHigh) {
        return 0;
      }
      double low = twiceLow / 2;
      double span = (twiceHigh - twiceLow) / 2;
      double distance = Math.abs(position - low);
      double extra = distance % span;
      boolean back = ((long) Math.floor(distance / span)) % 2 != 0;
      return back ? span - extra + low : extra + low;
    }
  }

  private record Sampler(
      Elements source, Padding padding, long interpolation, boolean aligned, DType type) {

    double sample(Planes.Plane plane, double y, double x) {
      double row = pixel(y, plane.height());
      double column = pixel(x, plane.width());
      return switch ((int) interpolation) {
        case 0 ->
            bilinear(
                plane,
                padding.place(row, plane.height(), aligned),
                padding.place(column, plane.width(), aligned));
        case 1 ->
            at(
                plane,
                Math.rint(padding.place(row, plane.height(), aligned)),
                Math.rint(padding.place(column, plane.width(), aligned)));
        case 2 -> bicubic(plane, row, column);
        default ->
            throw OperatorFailure.of(
                "interpolation_mode: expected 0, 1 or 2, found %d", interpolation);
      };
    }

    private double pixel(double coordinate, int size) {
      // In the type of the grid, as the official kernel and PyTorch: in half that moves the point.
      double shifted = rounded(coordinate + 1);
      return aligned
          ? rounded(rounded(shifted / 2) * (size - 1))
          : rounded(rounded(rounded(shifted * size) - 1) / 2);
    }

    private double rounded(double value) {
      return switch (type) {
        case FLOAT64 -> value;
        case FLOAT16 -> HalfFloat.toFloat(HalfFloat.fromDouble(value));
        case BFLOAT16 -> BFloat16.toFloat(BFloat16.fromDouble(value));
        default -> (float) value;
      };
    }

    private double at(Planes.Plane plane, double y, double x) {
      boolean inside = y >= 0 && y < plane.height() && x >= 0 && x < plane.width();
      return inside ? source.getDouble(plane.at((int) y, (int) x)) : 0;
    }

    private double bilinear(Planes.Plane plane, double row, double column) {
      double top = Math.floor(row);
      double left = Math.floor(column);
      double down = row - top;
      double right = column - left;
      return at(plane, top, left) * (1 - down) * (1 - right)
          + at(plane, top, left + 1) * (1 - down) * right
          + at(plane, top + 1, left) * down * (1 - right)
          + at(plane, top + 1, left + 1) * down * right;
    }

    private double bicubic(Planes.Plane plane, double row, double column) {
      double top = Math.floor(row);
      double left = Math.floor(column);
      double sum = 0;
      for (int dy = -1; dy <= 2; dy++) {
        double weightY = cubic(Math.abs(row - top - dy));
        for (int dx = -1; dx <= 2; dx++) {
          double y = padding.place(top + dy, plane.height(), aligned);
          double x = padding.place(left + dx, plane.width(), aligned);
          sum += weightY * cubic(Math.abs(column - left - dx)) * at(plane, y, x);
        }
      }
      return sum;
    }

    private static double cubic(double distance) {
      if (distance <= 1) {
        return ((CUBIC + 2) * distance - (CUBIC + 3)) * distance * distance + 1;
      }
      return ((CUBIC * distance - 5 * CUBIC) * distance + 8 * CUBIC) * distance - 4 * CUBIC;
    }
  }
}
