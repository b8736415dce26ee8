package dev.sconce.export.runner;

import dev.sconce.base.DType;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Blocks;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.graph.Author;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.ProbingInference;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A language model of one attention layer, small enough to be computed by hand, written by every
 * convention that drivers know.
 *
 * <pre>
 * x[i] = vectors[token i] + places[i]
 * logits[i] = vectors · (x[i] + Σ softmax(x[i] · x[j]) x[j])        j ≤ i, and i - j &lt; window
 * </pre>
 */
final class TinyDecoder {

  static final int VOCABULARY = 29;
  static final int CONTEXT = 27;
  static final int BLOCK = 8;
  static final int WINDOW = 10;

  private static final int WIDTH = 6;
  private static final Dim D = Dim.of(WIDTH);

  private final Random random = new Random(20);
  private final float[] vectors = numbers(VOCABULARY);
  private final float[] places = numbers(CONTEXT);

  private float[] numbers(int rows) {
    float[] values = new float[rows * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** What a method keeps of tokens that were passed. */
  enum Memory {
    NOTHING,
    /** A place for every position. */
    FULL,
    /** A place for each of the last positions. */
    RING
  }

  /** What a method is told of positions. */
  enum Places {
    NONE,
    EACH,
    FIRST
  }

  /**
   * A convention.
   *
   * @param longest how many tokens a call takes
   * @param dynamic whether it takes fewer, too
   * @param allLogits whether it returns logits of all tokens
   */
  record Convention(
      Memory memory, Places places, int longest, boolean dynamic, boolean allLogits) {}

  /** Returns a method that takes tokens. */
  Graph method(String name, Convention convention) {
    return method(name, convention, false);
  }

  /** Returns a method that takes vectors in the place of tokens. */
  Graph methodOfVectors(String name, Convention convention) {
    return method(name, convention, true);
  }

  /** Returns the method that turns tokens into vectors. */
  Graph embedding(String name, int longest, boolean dynamic) {
    GraphBuilder builder = new GraphBuilder(name, new ProbingInference());
    Blocks blocks = new Blocks(new Author(builder), BlockOptions.plain());
    Dim length = dynamic ? Dim.of(builder.symbol("S", 1, longest)) : Dim.of(longest);
    Value ids = builder.input("ids", new Type.TensorType(DType.INT64, List.of(Dim.ONE, length)));
    return builder.build(List.of(rows(blocks, vectors(blocks), ids)));
  }

  private Graph method(String name, Convention convention, boolean ofVectors) {
    GraphBuilder builder = new GraphBuilder(name, new ProbingInference());
    Author a = new Author(builder);
    Blocks blocks = new Blocks(a, BlockOptions.plain());
    int longest = convention.longest();
    Dim length = convention.dynamic() ? Dim.of(builder.symbol("S", 1, longest)) : Dim.of(longest);
    Value given =
        ofVectors
            ? builder.input(
                "vectors", new Type.TensorType(DType.FLOAT32, List.of(Dim.ONE, length, D)))
            : builder.input("ids", new Type.TensorType(DType.INT64, List.of(Dim.ONE, length)));
    a.size(given, 1);
    Value embedded = ofVectors ? given : rows(blocks, vectors(blocks), given);
    Value positions = positions(blocks, convention.places(), length);
    Value places = blocks.constant(Weight.of("places", this.places, CONTEXT, WIDTH));
    Value x = a.add(a.view(embedded, length, D), rows(blocks, places, positions));
    Value logits = scores(blocks, convention, x, positions);
    Value all = a.view(logits, Dim.ONE, length, Dim.of(VOCABULARY));
    return builder.build(List.of(convention.allLogits() ? all : a.last(all, 1)));
  }

  private Value vectors(Blocks blocks) {
    return blocks.constant(Weight.of("vectors", vectors, VOCABULARY, WIDTH));
  }

  private static Value rows(Blocks blocks, Value table, Value numbers) {
    return blocks
        .builder()
        .call(
            "aten::embedding.out",
            Operand.of(table),
            Operand.of(numbers),
            Operand.of(-1),
            Operand.of(false),
            Operand.of(false));
  }

  private static Value positions(Blocks blocks, Places told, Dim length) {
    Author a = blocks.author();
    Value counted = a.slice(integers(blocks, CONTEXT), 0, Operand.of(0), a.operand(length));
    return switch (told) {
      case NONE -> counted;
      case EACH ->
          blocks.builder().input("positions", new Type.TensorType(DType.INT64, List.of(length)));
      case FIRST ->
          a.add(counted, blocks.builder().input("start", Type.TensorType.of(DType.INT64, 1)));
    };
  }

  /** Writes the attention; {@code x} is {@code [S, width]}. */
  private Value scores(Blocks blocks, Convention convention, Value x, Value positions) {
    Author a = blocks.author();
    GraphBuilder builder = blocks.builder();
    Dim length = x.tensorType().dim(0);
    Value queries = a.view(positions, length, Dim.ONE);
    Value keys = x;
    Value keyPositions = a.view(positions, Dim.ONE, length);
    Value ring = null;
    switch (convention.memory()) {
      case NOTHING -> {}
      case FULL -> {
        Value cache = builder.buffer("cache", Type.TensorType.of(DType.FLOAT32, CONTEXT, WIDTH));
        put(builder, cache, positions, x);
        keys = cache;
        keyPositions = a.view(integers(blocks, CONTEXT), Dim.ONE, Dim.of(CONTEXT));
      }
      case RING -> {
        ring = builder.buffer("ring", Type.TensorType.of(DType.FLOAT32, WINDOW, WIDTH));
        keys = a.cat(List.of(ring, x), 0);
        // Slot j holds the latest position before these tokens that is j modulo the window.
        Value before = a.add(a.slice(positions, 0, 0, 1), -1);
        Value age = a.remainder(a.add(a.sub(before, integers(blocks, WINDOW)), WINDOW), WINDOW);
        Value held = a.view(a.sub(before, age), Dim.ONE, Dim.of(WINDOW));
        keyPositions = a.cat(List.of(held, keyPositions), 1);
      }
    }
    Value seen = a.compare("le", keyPositions, queries);
    if (convention.memory() == Memory.RING) {
      Value near = a.compare("lt", a.sub(queries, keyPositions), WINDOW);
      seen = a.and(a.and(seen, near), a.compare("ge", keyPositions, 0));
    }
    Value penalty =
        a.where(
            seen,
            blocks.constant(Weight.of("zero", new float[] {0}, 1)),
            blocks.constant(Weight.of("hidden", new float[] {Float.NEGATIVE_INFINITY}, 1)));
    Value shares = a.softmax(a.add(product(builder, x, a.permute(keys, 1, 0)), penalty));
    Value mixed = a.add(product(builder, shares, keys), x);
    if (ring != null) {
      put(builder, ring, a.remainder(positions, WINDOW), x);
    }
    return product(builder, mixed, a.permute(vectors(blocks), 1, 0));
  }

  private static Value product(GraphBuilder builder, Value left, Value right) {
    return builder.call("aten::mm.out", Operand.of(left), Operand.of(right));
  }

  private static void put(GraphBuilder builder, Value cache, Value slots, Value rows) {
    builder.callInPlace(
        "aten::index_put_",
        Operand.of(cache),
        new Operand.ListOf(List.of(Operand.of(slots))),
        Operand.of(rows),
        Operand.of(false));
  }

  private static Value integers(Blocks blocks, int count) {
    return blocks
        .builder()
        .parameter("integers." + count, Type.TensorType.of(DType.INT64, count), new Counted(count));
  }

  private record Counted(int count) implements ConstantData {

    private static final ValueLayout.OfLong LONG =
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public long byteSize() {
      return (long) count * Long.BYTES;
    }

    @Override
    public void writeTo(MemorySegment target) {
      for (int i = 0; i < count; i++) {
        target.set(LONG, (long) i * Long.BYTES, i);
      }
    }

    @Override
    public String identity() {
      return "integers below " + count;
    }
  }

  /**
   * Returns the most likely tokens after a prompt, computed by hand.
   *
   * @param window how far a token sees back, or null for all the way
   */
  int[] greedy(int[] prompt, int count, @Nullable Integer window) {
    int[] all = java.util.Arrays.copyOf(prompt, prompt.length + count);
    for (int i = prompt.length; i < all.length; i++) {
      double[] logits = logits(all, i, window == null ? i : window);
      int best = 0;
      for (int v = 1; v < VOCABULARY; v++) {
        best = logits[v] > logits[best] ? v : best;
      }
      for (int v = 0; v < VOCABULARY; v++) {
        if (v != best && logits[best] - logits[v] < 1e-4) {
          throw new AssertionError("a tie after %d tokens: take another seed".formatted(i));
        }
      }
      all[i] = best;
    }
    return java.util.Arrays.copyOfRange(all, prompt.length, all.length);
  }

  /** Returns the logits after the first tokens of a row. */
  double[] logits(int[] tokens, int count, int window) {
    double[] query = x(tokens, count - 1);
    int first = Math.max(0, count - window);
    double[] weights =
        IntStream.range(first, count)
            .mapToDouble(j -> Math.exp(dot(query, x(tokens, j))))
            .toArray();
    double sum = java.util.Arrays.stream(weights).sum();
    double[] mixed = query.clone();
    for (int j = first; j < count; j++) {
      double[] key = x(tokens, j);
      for (int d = 0; d < WIDTH; d++) {
        mixed[d] += weights[j - first] / sum * key[d];
      }
    }
    return IntStream.range(0, VOCABULARY).mapToDouble(v -> dot(mixed, row(vectors, v))).toArray();
  }

  private double[] x(int[] tokens, int position) {
    double[] sum = row(vectors, tokens[position]);
    double[] place = row(places, position);
    for (int d = 0; d < WIDTH; d++) {
      sum[d] += place[d];
    }
    return sum;
  }

  private static double[] row(float[] table, int row) {
    return IntStream.range(0, WIDTH).mapToDouble(d -> table[row * WIDTH + d]).toArray();
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, WIDTH).mapToDouble(d -> a[d] * b[d]).sum();
  }
}
