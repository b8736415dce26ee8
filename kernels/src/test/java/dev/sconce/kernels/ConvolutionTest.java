package dev.sconce.kernels;

import static dev.sconce.kernels.TestMemory.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.kernels.ConvolutionShape.Extent;
import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Convolutions against a definition that scatters: every input adds to the results it reaches
 * (transposed), or every result gathers, tap by tap, in exact or double arithmetic.
 */
class ConvolutionTest {

  private static final Extent ONE = new Extent(1, 1);

  private static List<ConvolutionShape> shapes() {
    List<ConvolutionShape> shapes = new ArrayList<>();
    shapes.add(shape(false, 1, 3, 5, 1, ONE, ONE, ONE, 0));
    shapes.add(shape(false, 2, 4, 33, 1, new Extent(3, 2), ONE, ONE, 1));
    shapes.add(shape(false, 1, 6, 4, 2, new Extent(3, 3), new Extent(2, 1), ONE, 1));
    shapes.add(shape(false, 1, 6, 9, 3, new Extent(2, 3), new Extent(1, 2), new Extent(2, 2), 2));
    shapes.add(shape(true, 1, 3, 5, 1, new Extent(3, 3), new Extent(2, 2), ONE, 1));
    shapes.add(shape(true, 2, 4, 6, 2, new Extent(2, 4), new Extent(3, 2), new Extent(2, 1), 0));
    shapes.add(shape(false, 1, 70, 40, 1, new Extent(3, 3), ONE, ONE, 1));
    return shapes;
  }

  private static List<ConvolutionShape> depthwiseShapes() {
    return List.of(
        shape(false, 2, 5, 5, 5, new Extent(3, 3), new Extent(1, 2), ONE, 1),
        shape(false, 1, 4, 12, 4, new Extent(2, 3), ONE, new Extent(2, 1), 2));
  }

  private static ConvolutionShape shape(
      boolean transposed,
      int batch,
      int inputs,
      int outputs,
      int groups,
      Extent kernel,
      Extent stride,
      Extent dilation,
      int pad) {
    int height = 6;
    int width = 7;
    return new ConvolutionShape(
        transposed,
        batch,
        height,
        width,
        inputs,
        outputs,
        groups,
        kernel,
        stride,
        dilation,
        pad,
        pad,
        length(transposed, height, kernel.height(), stride.height(), dilation.height(), pad),
        length(transposed, width, kernel.width(), stride.width(), dilation.width(), pad));
  }

  private static int length(
      boolean transposed, int input, int kernel, int stride, int dilation, int pad) {
    return transposed
        ? ConvolutionShape.transposedLength(input, kernel, stride, dilation, pad, pad, 0)
        : ConvolutionShape.outputLength(input, kernel, stride, dilation, pad, pad);
  }

  @Test
  void floatsFollowDefinition() {
    for (Kernels kernels : TestMemory.implementations().toList()) {
      for (ConvolutionShape shape : shapes()) {
        TestMemory memory = new TestMemory(shape.hashCode());
        int patch = shape.patch();
        MemorySegment x = memory.floats(inputs(shape), -1, 1);
        MemorySegment w = memory.floats((long) shape.outputChannels() * patch, -1, 1);
        MemorySegment bias = memory.floats(shape.outputChannels(), -1, 1);
        MemorySegment y = memory.empty(outputs(shape));
        WeightSource source =
            WeightSource.floats(WeightEncoding.FLOAT32, w, shape.outputChannels(), patch)
                .withBias(bias);
        PackedConvolution packed =
            kernels.convolutions().pack(source, shape.groups(), memory.arena());
        kernels.convolutions().convolve(packed, shape, x, y, new Clamp(-2, 2));
        double[] expected = define(shape, i -> at(x, i), i -> at(w, i), false);
        for (int i = 0; i < expected.length; i++) {
          double value = expected[i] + at(bias, i % shape.outputChannels());
          assertThat((double) at(y, i))
              .as("%s [%d]", shape, i)
              .isCloseTo(Math.clamp(value, -2, 2), within(1e-4));
        }
      }
      kernels.close();
    }
  }

  @Test
  void depthwiseFloatsFollowDefinition() {
    for (Kernels kernels : TestMemory.implementations().toList()) {
      for (ConvolutionShape shape : depthwiseShapes()) {
        TestMemory memory = new TestMemory(shape.hashCode());
        MemorySegment x = memory.floats(inputs(shape), -1, 1);
        MemorySegment w = memory.floats((long) shape.outputChannels() * shape.patch(), -1, 1);
        MemorySegment y = memory.empty(outputs(shape));
        kernels.convolutions().convolveDepthwise(w, null, shape, x, y, Clamp.NONE);
        double[] expected = define(shape, i -> at(x, i), i -> at(w, i), true);
        for (int i = 0; i < expected.length; i++) {
          assertThat((double) at(y, i))
              .as("%s [%d]", shape, i)
              .isCloseTo(expected[i], within(1e-5));
        }
      }
      kernels.close();
    }
  }

  @Test
  void integersAreExact() {
    for (Kernels kernels : TestMemory.implementations().toList()) {
      for (boolean signed : new boolean[] {true, false}) {
        for (ConvolutionShape shape : shapes()) {
          checkIntegers(kernels, shape, signed, false);
        }
        for (ConvolutionShape shape : depthwiseShapes()) {
          checkIntegers(kernels, shape, signed, true);
        }
      }
      kernels.close();
    }
  }

  private static void checkIntegers(
      Kernels kernels, ConvolutionShape shape, boolean signed, boolean depthwise) {
    TestMemory memory = new TestMemory(shape.hashCode());
    int outputs = shape.outputChannels();
    int patch = shape.patch();
    QuantizedType xType = new QuantizedType(signed, 0.02f, signed ? -7 : 120);
    QuantizedType yType = new QuantizedType(signed, 0.9f, signed ? 3 : 131);
    MemorySegment x = memory.bytes(inputs(shape));
    MemorySegment w = memory.bytes((long) outputs * patch);
    int weightZero = signed ? 0 : 100;
    float[] scales = new float[signed ? outputs : 1];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = 0.01f * (i + 1);
    }
    MemorySegment bias = memory.empty(outputs);
    for (int i = 0; i < outputs; i++) {
      Memory.setInt(bias, 4L * i, memory.random().nextInt(2000) - 1000);
    }
    MemorySegment y = memory.bytes(outputs(shape));
    if (depthwise) {
      IntegerWeights filter =
          new IntegerWeights(outputs, patch, true, w, signed, weightZero, scales, bias);
      kernels
          .integerProducts()
          .convolveDepthwise(filter, shape, x, xType, y, yType, yType.min() + 1, yType.max());
    } else {
      PackedIntegerWeights[] groups = new PackedIntegerWeights[shape.groups()];
      int part = outputs / shape.groups();
      for (int group = 0; group < groups.length; group++) {
        float[] own =
            scales.length == 1
                ? scales
                : java.util.Arrays.copyOfRange(scales, group * part, (group + 1) * part);
        IntegerWeights source =
            new IntegerWeights(
                part,
                patch,
                false,
                w.asSlice((long) group * part * patch, (long) part * patch),
                signed,
                weightZero,
                own,
                bias.asSlice(4L * group * part));
        groups[group] = kernels.integerProducts().pack(source, memory.arena());
      }
      kernels
          .integerProducts()
          .convolve(groups, shape, x, xType, y, yType, yType.min() + 1, yType.max());
    }
    double[] sums =
        define(
            shape,
            i -> xType.value(Memory.getByte(x, i)) - xType.zeroPoint(),
            i -> (signed ? Memory.getByte(w, i) : Memory.getByte(w, i) & 0xFF) - weightZero,
            depthwise);
    for (int i = 0; i < sums.length; i++) {
      int channel = i % outputs;
      float factor = xType.scale() * scales[scales.length == 1 ? 0 : channel] / yType.scale();
      float scaled = (float) (sums[i] + Memory.getInt(bias, 4L * channel)) * factor;
      double value = Math.rint(scaled) + yType.zeroPoint();
      int expected = (int) Math.clamp(value, yType.min() + 1, yType.max());
      assertThat(yType.value(Memory.getByte(y, i)))
          .as("%s depthwise %s signed %s [%d]", shape, depthwise, signed, i)
          .isEqualTo(expected);
    }
  }

  private static long inputs(ConvolutionShape shape) {
    return (long) shape.batch() * shape.inputHeight() * shape.inputWidth() * shape.inputChannels();
  }

  private static long outputs(ConvolutionShape shape) {
    return (long) shape.pixels() * shape.outputChannels();
  }

  /** Elements of a tensor. */
  private interface Elements {
    double get(long index);
  }

  private static double[] define(ConvolutionShape s, Elements x, Elements w, boolean tapsFirst) {
    double[] y = new double[Math.toIntExact(outputs(s))];
    int inGroup = s.inputChannels() / s.groups();
    int outGroup = s.outputChannels() / s.groups();
    for (int b = 0; b < s.batch(); b++) {
      for (int h = 0; h < (s.transposed() ? s.inputHeight() : s.outputHeight()); h++) {
        for (int v = 0; v < (s.transposed() ? s.inputWidth() : s.outputWidth()); v++) {
          for (int i = 0; i < s.kernel().height(); i++) {
            for (int j = 0; j < s.kernel().width(); j++) {
              int fineRow = h * s.stride().height() + i * s.dilation().height() - s.padTop();
              int fineColumn = v * s.stride().width() + j * s.dilation().width() - s.padLeft();
              int inRow = s.transposed() ? h : fineRow;
              int inColumn = s.transposed() ? v : fineColumn;
              int outRow = s.transposed() ? fineRow : h;
              int outColumn = s.transposed() ? fineColumn : v;
              if (inRow < 0
                  || inColumn < 0
                  || outRow < 0
                  || outColumn < 0
                  || inRow >= s.inputHeight()
                  || inColumn >= s.inputWidth()
                  || outRow >= s.outputHeight()
                  || outColumn >= s.outputWidth()) {
                continue;
              }
              for (int out = 0; out < s.outputChannels(); out++) {
                int group = out / outGroup;
                double sum = 0;
                for (int c = 0; c < inGroup; c++) {
                  long pixel = ((long) b * s.inputHeight() + inRow) * s.inputWidth() + inColumn;
                  long tap = (long) i * s.kernel().width() + j;
                  long weight =
                      tapsFirst
                          ? tap * s.outputChannels() + out
                          : ((long) out * s.kernel().height() * s.kernel().width() + tap) * inGroup
                              + c;
                  sum +=
                      x.get(pixel * s.inputChannels() + (long) group * inGroup + c) * w.get(weight);
                }
                int to = (b * s.outputHeight() + outRow) * s.outputWidth() + outColumn;
                y[to * s.outputChannels() + out] += sum;
              }
            }
          }
        }
      }
    }
    return y;
  }
}
