package dev.sconce.export.task;

import dev.sconce.graph.Graph;
import dev.sconce.graph.Value;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** Sample inputs, always the same. */
final class Samples {

  private static final List<Integer> CHUNKS = List.of(11, 1, 5);
  private static final List<Integer> SINGLES = List.of(1, 1, 1, 1, 1);
  private static final int SOURCE = 9;
  private static final int ROWS = 2;

  private final Random random = new Random(1);

  /** Returns token numbers below a bound. */
  private long[] tokens(int count, int vocabulary) {
    return LongStream.generate(() -> random.nextInt(vocabulary)).limit(count).toArray();
  }

  /** Returns calls that feed a sequence in pieces to a method of token numbers and positions. */
  List<SampleCall> decoding(String method, int vocabulary, Task.Shape shape) {
    return pieces(vocabulary, shape).stream()
        .map(p -> SampleCall.of(method, List.of(EValue.from(p.ids()), EValue.from(p.positions()))))
        .toList();
  }

  /** Tokens that go to a decoder in one call, and where they stand. */
  private record Piece(Tensor ids, Tensor positions) {}

  private List<Piece> pieces(int vocabulary, Task.Shape shape) {
    List<Piece> pieces = new ArrayList<>();
    int position = 0;
    for (int chunk : shape.dynamic() ? CHUNKS : SINGLES) {
      int count = Math.min(chunk, shape.maxSequenceLength() - position);
      if (count > 0) {
        Tensor ids = Tensor.of(tokens(count, vocabulary), 1, count);
        Tensor positions = Tensor.of(LongStream.range(position, position + count).toArray());
        pieces.add(new Piece(ids, positions));
        position += count;
      }
    }
    return pieces;
  }

  /**
   * Returns calls of a method of token numbers, an attention mask and perhaps token types: one of
   * full rows, one of rows that are padded, each a little more.
   */
  List<SampleCall> encoding(String method, int vocabulary, boolean types, Task.Shape shape) {
    List<SampleCall> calls = new ArrayList<>();
    for (int padding : List.of(0, 3)) {
      int max = shape.maxSequenceLength();
      int count = shape.dynamic() ? Math.min(max, CHUNKS.getFirst() - padding / 2) : max;
      int rows = rows(shape);
      long[] mask = new long[rows * count];
      for (int i = 0; i < mask.length; i++) {
        int row = i / count;
        mask[i] = i % count == 0 || i % count < count - padding * (1 + row) ? 1 : 0;
      }
      List<EValue> inputs = new ArrayList<>();
      inputs.add(EValue.from(Tensor.of(tokens(rows * count, vocabulary), rows, count)));
      inputs.add(EValue.from(Tensor.of(mask, rows, count)));
      if (types) {
        inputs.add(EValue.from(Tensor.of(tokens(rows * count, 2), rows, count)));
      }
      calls.add(SampleCall.of(method, inputs));
    }
    return calls;
  }

  /**
   * Returns calls of an encoder, with a source that is padded where there is a mask, and calls that
   * feed a target in pieces to the decoder over what the encoder made of it.
   *
   * @param encoder a method whose outputs are the decoder's inputs, in their order, that are not
   *     token numbers, masks, positions or rows
   * @param decoder a method whose inputs have the names of {@link Text2TextGeneration}
   */
  List<SampleCall> translating(Graph encoder, Graph decoder, int vocabulary, Task.Shape shape) {
    int length =
        shape.dynamic() ? Math.min(SOURCE, shape.maxSourceLength()) : shape.maxSourceLength();
    boolean masked = encoder.inputs().size() > 1;
    long[] mask = new long[length];
    Arrays.fill(mask, 0, masked ? Math.max(1, length - 2) : length, 1);
    EValue source = EValue.from(Tensor.of(tokens(length, vocabulary), 1, length));
    EValue seen = EValue.from(Tensor.of(mask, 1, length));
    List<SampleCall> calls = new ArrayList<>();
    calls.add(SampleCall.of(encoder.name(), masked ? List.of(source, seen) : List.of(source)));
    pieces(vocabulary, shape).forEach(p -> calls.add(decoding(decoder, encoder, seen, p)));
    return calls;
  }

  private static SampleCall decoding(Graph decoder, Graph encoder, EValue mask, Piece piece) {
    List<SampleCall.Input> inputs = new ArrayList<>();
    // Hidden states are an input only where keys and values are not.
    int made = encoder.outputs().size() > 1 ? 1 : 0;
    for (Value input : decoder.inputs()) {
      inputs.add(
          switch (input.name()) {
            case "decoder_input_ids" -> given(piece.ids());
            case "attention_mask" -> new SampleCall.Given(mask);
            case "cache_position" -> given(piece.positions());
            case "cache_rows" -> given(Tensor.of(new long[] {0}));
            default -> new SampleCall.Made(0, made++);
          });
    }
    return new SampleCall(decoder.name(), inputs);
  }

  private static SampleCall.Input given(Tensor tensor) {
    return new SampleCall.Given(EValue.from(tensor));
  }

  /** Returns how many texts or images a call has. */
  private static int rows(Task.Shape shape) {
    return shape.dynamic() ? Math.min(ROWS, shape.batch()) : shape.batch();
  }

  /** Returns numbers from -1 to 1. */
  Tensor images(Task.Shape shape, int channels, int height, int width) {
    int rows = rows(shape);
    int pixelsOfOne = Math.multiplyExact(Math.multiplyExact(channels, height), width);
    float[] pixels = new float[Math.multiplyExact(rows, pixelsOfOne)];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 2 * random.nextFloat() - 1;
    }
    return Tensor.of(pixels, rows, channels, height, width);
  }
}
