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
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Convolution in one or two spatial dimensions, with groups, and transposed. One dimension is two
 * with a height of 1.
 */
public final class ConvolutionOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.add("aten::convolution.out", ConvolutionOperators::bind);
  }

  private static Step bind(OperatorCall call) {
    TensorSlot input = call.tensor(0);
    TensorSlot weight = call.tensor(1);
    TensorSlot bias = call.optionalTensor(2);
    ScalarSlot transposed = call.bool(6);
    ScalarSlot groups = call.integer(8);
    TensorSlot out = call.tensor(9);
    return context -> {
      int spatial = weight.rank() - 2;
      if (spatial > 2) {
        throw OperatorFailure.of("weight: expected 3 or 4 dimensions, found %s", weight);
      }
      if (bias != null) {
        Operands.requireRank("bias", bias, 1);
        Operands.requireSize("bias", bias, 0, out.size(out.rank() - spatial - 1));
      }
      Window height = spatial == 1 ? new Window(1, 1, 0, 1) : window(call, weight.size(2), 0);
      Window width = window(call, weight.size(spatial + 1), spatial - 1);
      new Convolution(input, weight, bias, out, height, width, groups.intValue())
          .run(transposed.boolValue());
    };
  }

  private static Window window(OperatorCall call, int kernel, int dim) {
    return new Window(
        kernel,
        Window.at(call.ints(3), dim, 1),
        Window.at(call.ints(4), dim, 0),
        Window.at(call.ints(5), dim, 1));
  }

  /** A batch of images: channels of planes, whatever the layout in memory is. */
  private static final class Images {
    final Elements elements;
    final int count;
    final int channels;
    final int height;
    final int width;
    private final long imageStride;
    private final long channelStride;
    private final long rowStride;
    private final long columnStride;

    Images(TensorSlot tensor, int spatial) {
      int lead = tensor.rank() - spatial;
      this.elements = Elements.of(tensor);
      this.count = lead == 2 ? tensor.size(0) : 1;
      this.channels = tensor.size(lead - 1);
      this.height = spatial == 2 ? tensor.size(lead) : 1;
      this.width = tensor.size(tensor.rank() - 1);
      this.imageStride = lead == 2 ? tensor.stride(0) : 0;
      this.channelStride = tensor.stride(lead - 1);
      this.rowStride = spatial == 2 ? tensor.stride(lead) : 0;
      this.columnStride = tensor.stride(tensor.rank() - 1);
    }

    void read(int image, int channel, double[] plane, int at) {
      int next = at;
      for (int y = 0; y < height; y++) {
        long start = image * imageStride + channel * channelStride + y * rowStride;
        for (int x = 0; x < width; x++) {
          plane[next++] = elements.getDouble(start + x * columnStride);
        }
      }
    }

    void write(int image, int channel, double[] plane) {
      int next = 0;
      for (int y = 0; y < height; y++) {
        long start = image * imageStride + channel * channelStride + y * rowStride;
        for (int x = 0; x < width; x++) {
          elements.setDouble(start + x * columnStride, plane[next++]);
        }
      }
    }
  }

  /**
   * How sums are kept. The official kernel keeps those of 16-bit floats in 16 bits, which is coarse
   * enough to show in results; so they are kept here.
   */
  private enum Accumulation {
    DOUBLE,
    HALF,
    BFLOAT;

    static Accumulation of(DType type) {
      return switch (type) {
        case FLOAT16 -> HALF;
        case BFLOAT16 -> BFLOAT;
        default -> DOUBLE;
      };
    }

    double add(double sum, double value) {
      return round(sum + value);
    }

    double addProduct(double sum, double a, double b) {
      return this == DOUBLE ? sum + a * b : round(sum + round(a * b));
    }

    private double round(double value) {
      return switch (this) {
        case DOUBLE -> value;
        case HALF -> HalfFloat.toFloat(HalfFloat.fromFloat((float) value));
        case BFLOAT -> BFloat16.toFloat(BFloat16.fromFloat((float) value));
      };
    }
  }

  private static final class Convolution {
    private final Images in;
    private final Images out;
    private final TensorSlot weight;
    private final Elements weights;
    private final @Nullable Elements bias;
    private final Window height;
    private final Window width;
    private final int groups;
    private final Accumulation accumulation;

    Convolution(
        TensorSlot input,
        TensorSlot weight,
        @Nullable TensorSlot bias,
        TensorSlot out,
        Window height,
        Window width,
        int groups) {
      int spatial = weight.rank() - 2;
      this.in = new Images(input, spatial);
      this.out = new Images(out, spatial);
      this.weight = weight;
      this.weights = Elements.of(weight);
      this.bias = bias == null ? null : Elements.of(bias);
      this.height = height;
      this.width = width;
      this.groups = groups;
      this.accumulation = Accumulation.of(out.dtype());
    }

    void run(boolean transposed) {
      int inPerGroup = in.channels / groups;
      int outPerGroup = out.channels / groups;
      int area = in.height * in.width;
      double[] planes = new double[Math.multiplyExact(inPerGroup, area)];
      double[] result = new double[Math.multiplyExact(out.height, out.width)];
      for (int image = 0; image < in.count; image++) {
        for (int group = 0; group < groups; group++) {
          for (int channel = 0; channel < inPerGroup; channel++) {
            in.read(image, group * inPerGroup + channel, planes, channel * area);
          }
          for (int channel = 0; channel < outPerGroup; channel++) {
            int to = group * outPerGroup + channel;
            double shift = bias == null ? 0 : bias.getDouble(to);
            // Upstream adds the bias last, except to transposed convolutions.
            Arrays.fill(result, transposed ? shift : 0);
            for (int from = 0; from < inPerGroup; from++) {
              // Transposed weights are stored by input channel, of all groups.
              int first = transposed ? group * inPerGroup + from : to;
              int second = transposed ? channel : from;
              addTaps(planes, from * area, first, second, result, transposed);
            }
            if (!transposed && bias != null) {
              for (int i = 0; i < result.length; i++) {
                result[i] = accumulation.add(result[i], shift);
              }
            }
            out.write(image, to, result);
          }
        }
      }
    }

    private void addTaps(
        double[] planes, int plane, int first, int second, double[] result, boolean transposed) {
      boolean flat = weight.rank() == 3;
      for (int ky = 0; ky < height.kernel(); ky++) {
        for (int kx = 0; kx < width.kernel(); kx++) {
          long at =
              first * weight.stride(0)
                  + second * weight.stride(1)
                  + (flat ? 0 : ky * weight.stride(2))
                  + kx * weight.stride(flat ? 2 : 3);
          double factor = weights.getDouble(at);
          if (transposed) {
            scatter(planes, plane, factor, ky, kx, result);
          } else {
            gather(planes, plane, factor, ky, kx, result);
          }
        }
      }
    }

    /** Adds one tap of the kernel to every place of the result. */
    private void gather(
        double[] planes, int plane, double factor, int ky, int kx, double[] result) {
      for (int y = 0; y < out.height; y++) {
        int fromY = height.source(y, ky);
        if (fromY < 0 || fromY >= in.height) {
          continue;
        }
        int row = plane + fromY * in.width;
        for (int x = 0; x < out.width; x++) {
          int fromX = width.source(x, kx);
          if (fromX >= 0 && fromX < in.width) {
            int to = y * out.width + x;
            result[to] = accumulation.addProduct(result[to], factor, planes[row + fromX]);
          }
        }
      }
    }

    /** Adds every place of the argument, by one tap, to the result. */
    private void scatter(
        double[] planes, int plane, double factor, int ky, int kx, double[] result) {
      for (int y = 0; y < in.height; y++) {
        int toY = height.source(y, ky);
        if (toY < 0 || toY >= out.height) {
          continue;
        }
        for (int x = 0; x < in.width; x++) {
          int toX = width.source(x, kx);
          if (toX >= 0 && toX < out.width) {
            int to = toY * out.width + toX;
            double value = planes[plane + y * in.width + x];
            result[to] = accumulation.addProduct(result[to], factor, value);
          }
        }
      }
    }
  }
}
