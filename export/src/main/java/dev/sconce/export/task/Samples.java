package dev.sconce.export.task;

import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** Sample inputs, always the same. */
final class Samples {

  private static final List<Integer> CHUNKS = List.of(11, 1, 5);
  private static final List<Integer> SINGLES = List.of(1, 1, 1, 1, 1);

  private final Random random = new Random(1);

  /** Returns token numbers below a bound. */
  private long[] tokens(int count, int vocabulary) {
    return LongStream.generate(() -> random.nextInt(vocabulary)).limit(count).toArray();
  }

  /** Returns calls that feed a sequence in pieces to a method of token numbers and positions. */
  List<SampleCall> decoding(String method, int vocabulary, Task.Shape shape) {
    List<SampleCall> calls = new ArrayList<>();
    int position = 0;
    for (int chunk : shape.dynamic() ? CHUNKS : SINGLES) {
      int count = Math.min(chunk, shape.maxSequenceLength() - position);
      if (count > 0) {
        Tensor ids = Tensor.of(tokens(count, vocabulary), 1, count);
        Tensor positions = Tensor.of(LongStream.range(position, position + count).toArray());
        calls.add(new SampleCall(method, List.of(EValue.from(ids), EValue.from(positions))));
        position += count;
      }
    }
    return calls;
  }

  /**
   * Returns calls of a method of token numbers, an attention mask and perhaps token types: one that
   * is full, one that is padded.
   */
  List<SampleCall> encoding(String method, int vocabulary, boolean types, Task.Shape shape) {
    List<SampleCall> calls = new ArrayList<>();
    for (int padding : List.of(0, 3)) {
      int max = shape.maxSequenceLength();
      int count = shape.dynamic() ? Math.min(max, CHUNKS.getFirst() - padding / 2) : max;
      long[] mask = new long[count];
      for (int i = 0; i < count; i++) {
        mask[i] = i == 0 || i < count - padding ? 1 : 0;
      }
      List<EValue> inputs = new ArrayList<>();
      inputs.add(EValue.from(Tensor.of(tokens(count, vocabulary), 1, count)));
      inputs.add(EValue.from(Tensor.of(mask, 1, count)));
      if (types) {
        inputs.add(EValue.from(Tensor.of(tokens(count, 2), 1, count)));
      }
      calls.add(new SampleCall(method, inputs));
    }
    return calls;
  }

  /** Returns numbers from -1 to 1. */
  Tensor image(int channels, int height, int width) {
    float[] pixels = new float[Math.multiplyExact(Math.multiplyExact(channels, height), width)];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 2 * random.nextFloat() - 1;
    }
    return Tensor.of(pixels, 1, channels, height, width);
  }
}
