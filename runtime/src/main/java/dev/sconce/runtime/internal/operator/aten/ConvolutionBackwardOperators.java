package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.slot.BoolListSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.Arrays;

/**
 * Gradients of a convolution in two dimensions, for programs that train. As in the official kernel
 * the convolution is not transposed; gradients that the mask leaves out are not touched.
 */
public final class ConvolutionBackwardOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    // The mask decides which results there are.
    new RuledTable(plain)
        .addUnsized("aten::convolution_backward.out", ConvolutionBackwardOperators::bind);
  }

  private static Step bind(OperatorCall call) {
    TensorSlot gradient = call.tensor(0);
    TensorSlot input = call.tensor(1);
    TensorSlot weight = call.tensor(2);
    ScalarSlot transposed = call.bool(7);
    ScalarSlot groups = call.integer(9);
    BoolListSlot mask = call.bools(10);
    return context -> {
      if (transposed.boolValue()) {
        throw new OperatorFailure("transposed: expected false, found true");
      }
      if (mask.size() != 3) {
        throw OperatorFailure.of("output_mask: expected 3 bools, found %d", mask.size());
      }
      Operands.requireRank("input", input, 4);
      Operands.requireRank("weight", weight, 4);
      Operands.requireRank("grad_output", gradient, 4);
      Backward backward = new Backward(call, gradient, input, weight, groups.longValue());
      if (mask.get(0)) {
        call.tensor(11).resizeLike(input);
        backward.toInput(call.tensor(11));
      }
      if (mask.get(1)) {
        call.tensor(12).resizeLike(weight);
        backward.toWeight(call.tensor(12));
      }
      if (mask.get(2)) {
        call.tensor(13).resize(weight.size(0));
        backward.toBias(call.tensor(13));
      }
    };
  }

  /** {@code out[n, o, y, x] = Σ in[n, i, y·s - p + ky·d, …] · weight[o, i, ky, kx]}, backwards. */
  private static final class Backward {
    private final TensorSlot gradient;
    private final TensorSlot input;
    private final TensorSlot weight;
    private final Elements gradients;
    private final Window height;
    private final Window width;
    private final int inPerGroup;
    private final int outPerGroup;

    Backward(
        OperatorCall call, TensorSlot gradient, TensorSlot input, TensorSlot weight, long groups) {
      this.gradient = gradient;
      this.input = input;
      this.weight = weight;
      this.gradients = Elements.of(gradient);
      this.height = window(call, weight.size(2), 0);
      this.width = window(call, weight.size(3), 1);
      int channels = input.size(1);
      if (groups < 1
          || channels % groups != 0
          || weight.size(0) % groups != 0
          || weight.size(1) != channels / groups) {
        throw OperatorFailure.of(
            "weight: expected weights for %d channels in %d groups, found %s",
            channels, groups, weight);
      }
      this.inPerGroup = Math.toIntExact(channels / groups);
      this.outPerGroup = Math.toIntExact(weight.size(0) / groups);
      Operands.requireSize("grad_output", gradient, 0, input.size(0));
      Operands.requireSize("grad_output", gradient, 1, weight.size(0));
      Operands.requireSize("grad_output", gradient, 2, places(input.size(2), height));
      Operands.requireSize("grad_output", gradient, 3, places(input.size(3), width));
    }

    private static Window window(OperatorCall call, int kernel, int dim) {
      Window window =
          new Window(
              kernel,
              Window.at(call.ints(4), dim, 1),
              Window.at(call.ints(5), dim, 0),
              Window.at(call.ints(6), dim, 1));
      if (window.stride() < 1 || window.padding() < 0 || window.dilation() < 1) {
        throw OperatorFailure.of("expected positive strides and dilations, found %s", window);
      }
      return window;
    }

    private static long places(int size, Window window) {
      long reach = (long) window.dilation() * (window.kernel() - 1);
      return Math.floorDiv(size + 2L * window.padding() - reach - 1, window.stride()) + 1;
    }

    private double gradient(int image, int channel, int y, int x) {
      return gradients.getDouble(
          image * gradient.stride(0)
              + channel * gradient.stride(1)
              + y * gradient.stride(2)
              + x * gradient.stride(3));
    }

    void toBias(TensorSlot out) {
      Elements target = Elements.of(out);
      for (int channel = 0; channel < weight.size(0); channel++) {
        double sum = 0;
        for (int image = 0; image < gradient.size(0); image++) {
          for (int y = 0; y < gradient.size(2); y++) {
            for (int x = 0; x < gradient.size(3); x++) {
              sum += gradient(image, channel, y, x);
            }
          }
        }
        target.setDouble(channel * out.stride(0), sum);
      }
    }

    void toWeight(TensorSlot out) {
      Elements source = Elements.of(input);
      Elements target = Elements.of(out);
      for (int to = 0; to < weight.size(0); to++) {
        for (int from = 0; from < inPerGroup; from++) {
          int channel = to / outPerGroup * inPerGroup + from;
          for (int ky = 0; ky < height.kernel(); ky++) {
            for (int kx = 0; kx < width.kernel(); kx++) {
              target.setDouble(
                  to * out.stride(0)
                      + from * out.stride(1)
                      + ky * out.stride(2)
                      + kx * out.stride(3),
                  tap(source, channel, to, ky, kx));
            }
          }
        }
      }
    }

    private double tap(Elements source, int channel, int to, int ky, int kx) {
      double sum = 0;
      for (int image = 0; image < gradient.size(0); image++) {
        for (int y = 0; y < gradient.size(2); y++) {
          int fromY = height.source(y, ky);
          if (fromY < 0 || fromY >= input.size(2)) {
            continue;
          }
          for (int x = 0; x < gradient.size(3); x++) {
            int fromX = width.source(x, kx);
            if (fromX >= 0 && fromX < input.size(3)) {
              long at =
                  image * input.stride(0)
                      + channel * input.stride(1)
                      + fromY * input.stride(2)
                      + fromX * input.stride(3);
              sum += gradient(image, to, y, x) * source.getDouble(at);
            }
          }
        }
      }
      return sum;
    }

    void toInput(TensorSlot out) {
      Elements weights = Elements.of(weight);
      Elements target = Elements.of(out);
      double[] plane = new double[Math.multiplyExact(input.size(2), input.size(3))];
      for (int image = 0; image < input.size(0); image++) {
        for (int channel = 0; channel < input.size(1); channel++) {
          Arrays.fill(plane, 0);
          int group = channel / inPerGroup;
          for (int to = group * outPerGroup; to < (group + 1) * outPerGroup; to++) {
            scatter(weights, image, to, channel % inPerGroup, plane);
          }
          for (int i = 0; i < plane.length; i++) {
            target.setDouble(
                image * out.stride(0)
                    + channel * out.stride(1)
                    + i / input.size(3) * out.stride(2)
                    + i % input.size(3) * out.stride(3),
                plane[i]);
          }
        }
      }
    }

    private void scatter(Elements weights, int image, int to, int from, double[] plane) {
      for (int ky = 0; ky < height.kernel(); ky++) {
        for (int kx = 0; kx < width.kernel(); kx++) {
          double factor =
              weights.getDouble(
                  to * weight.stride(0)
                      + from * weight.stride(1)
                      + ky * weight.stride(2)
                      + kx * weight.stride(3));
          for (int y = 0; y < gradient.size(2); y++) {
            int atY = height.source(y, ky);
            if (atY < 0 || atY >= input.size(2)) {
              continue;
            }
            for (int x = 0; x < gradient.size(3); x++) {
              int atX = width.source(x, kx);
              if (atX >= 0 && atX < input.size(3)) {
                plane[atY * input.size(3) + atX] += factor * gradient(image, to, y, x);
              }
            }
          }
        }
      }
    }
  }
}
