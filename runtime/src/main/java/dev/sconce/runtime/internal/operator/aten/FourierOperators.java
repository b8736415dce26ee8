package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.UnsupportedCall;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.Lines;
import dev.sconce.runtime.internal.slot.IntListSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;

/**
 * Fourier transforms between real and complex tensors, line by line: along the last dimension named
 * between real and complex numbers, along the others among complex ones.
 */
public final class FourierOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.addUntyped("aten::_fft_r2c.out", FourierOperators::bindForward);
    table.addUntyped("aten::_fft_c2r.out", FourierOperators::bindInverse);
  }

  private static Step bindForward(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    IntListSlot dims = call.ints(1);
    ScalarSlot normalization = call.integer(2);
    TensorSlot out = call.tensor(4);
    requireTypes(out, self);
    return context -> {
      int[] axes = axes(dims, self.rank());
      double factor = factor(normalization.longValue(), self, axes);
      Elements source = Elements.of(self);
      Elements target = ComplexParts.of(out);
      int last = axes[axes.length - 1];
      int length = self.size(last);
      FourierTransform transform = transform(length, false);
      double[] re = new double[length];
      double[] im = new double[length];
      long from = self.stride(last);
      Line line = new Line(re, im, target, out.stride(last));
      Lines.forEach(
          last,
          starts -> {
            for (int i = 0; i < length; i++) {
              re[i] = source.getDouble(starts[0] + i * from);
              im[i] = 0;
            }
            transform.run(re, im);
            line.write(starts[1], out.size(last), factor);
          },
          self,
          out);
      for (int i = 0; i < axes.length - 1; i++) {
        inPlace(out, target, axes[i], false);
      }
    };
  }

  private static Step bindInverse(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    IntListSlot dims = call.ints(1);
    ScalarSlot normalization = call.integer(2);
    TensorSlot out = call.tensor(4);
    requireTypes(self, out);
    return context -> {
      int[] axes = axes(dims, self.rank());
      double factor = factor(normalization.longValue(), out, axes);
      Elements source = ComplexParts.of(self);
      if (axes.length > 1) {
        // The operand stays as it is.
        source = ComplexParts.copyOf(self);
        for (int i = 0; i < axes.length - 1; i++) {
          inPlace(self, source, axes[i], true);
        }
      }
      toReal(self, source, out, axes[axes.length - 1], factor);
    };
  }

  private static void toReal(
      TensorSlot self, Elements source, TensorSlot out, int dim, double factor) {
    Elements target = Elements.of(out);
    int length = out.size(dim);
    FourierTransform transform = transform(length, true);
    double[] re = new double[length];
    double[] im = new double[length];
    Line line = new Line(re, im, source, self.stride(dim));
    int given = length / 2 + 1;
    long to = out.stride(dim);
    Lines.forEach(
        dim,
        starts -> {
          line.read(starts[0], given);
          // What is not given mirrors what is; the imaginary parts of the ends do not count.
          im[0] = 0;
          if (length % 2 == 0) {
            im[length / 2] = 0;
          }
          for (int i = given; i < length; i++) {
            re[i] = re[length - i];
            im[i] = -im[length - i];
          }
          transform.run(re, im);
          for (int i = 0; i < length; i++) {
            target.setDouble(starts[1] + i * to, re[i] * factor);
          }
        },
        self,
        out);
  }

  private static void inPlace(TensorSlot shape, Elements parts, int dim, boolean inverse) {
    int length = shape.size(dim);
    FourierTransform transform = transform(length, inverse);
    double[] re = new double[length];
    double[] im = new double[length];
    Line line = new Line(re, im, parts, shape.stride(dim));
    Lines.forEach(
        dim,
        starts -> {
          line.read(starts[0], length);
          transform.run(re, im);
          line.write(starts[0], length, 1);
        },
        shape);
  }

  /** The complex numbers of a line, in memory and in work arrays. */
  private static final class Line {
    private final double[] re;
    private final double[] im;
    private final Elements parts;
    private final long stride;

    Line(double[] re, double[] im, Elements parts, long stride) {
      this.re = re;
      this.im = im;
      this.parts = parts;
      this.stride = stride;
    }

    void read(long start, int count) {
      for (int i = 0; i < count; i++) {
        long at = 2 * (start + i * stride);
        re[i] = parts.getDouble(at);
        im[i] = parts.getDouble(at + 1);
      }
    }

    void write(long start, int count, double factor) {
      for (int i = 0; i < count; i++) {
        long at = 2 * (start + i * stride);
        parts.setDouble(at, re[i] * factor);
        parts.setDouble(at + 1, im[i] * factor);
      }
    }
  }

  private static FourierTransform transform(int length, boolean inverse) {
    if (length < 1) {
      throw OperatorFailure.of("dim: expected elements along it, found %d", length);
    }
    return new FourierTransform(length, inverse);
  }

  private static int[] axes(IntListSlot dims, int rank) {
    int[] axes = new int[dims.size()];
    boolean[] named = new boolean[rank];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = Operands.dimension(dims.get(i), rank);
      if (named[axes[i]]) {
        throw OperatorFailure.of("dim: expected each dimension once, found %d twice", axes[i]);
      }
      named[axes[i]] = true;
    }
    return axes;
  }

  private static double factor(long normalization, TensorSlot real, int[] axes) {
    double count = 1;
    for (int axis : axes) {
      count *= real.size(axis);
    }
    if (normalization < 0 || normalization > 2) {
      throw OperatorFailure.of(
          "normalization: expected 0 (none), 1 (by root n) or 2 (by n), found %d", normalization);
    }
    return normalization == 0 ? 1 : normalization == 1 ? 1 / Math.sqrt(count) : 1 / count;
  }

  private static void requireTypes(TensorSlot complex, TensorSlot real) {
    DType parts = ComplexParts.type(complex.dtype());
    if (parts != real.dtype()) {
      throw new UnsupportedCall("dtypes " + complex.dtype() + " and " + real.dtype());
    }
  }
}
