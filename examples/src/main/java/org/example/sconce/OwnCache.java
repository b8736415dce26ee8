package org.example.sconce;

import dev.sconce.base.DType;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.RunnerOptions;
import dev.sconce.generate.runner.TextRunner;
import dev.sconce.graph.Author;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.ProbingInference;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import dev.sconce.graph.emit.ConstantMethod;
import dev.sconce.graph.emit.ProgramEmitter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a program that takes its cache as an input, and generates with it: {@code OwnCache x.pte}.
 */
public final class OwnCache {

  private static final int CONTEXT = 24;
  private static final int VOCABULARY = 17;
  private static final int WIDTH = 8;

  private OwnCache() {}

  /** Writes the program to the first argument, a new file, and runs it. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    ProgramEmitter.write(
        List.of(graph()),
        List.of(
            ConstantMethod.of("get_max_seq_len", 1),
            ConstantMethod.of("get_max_context_len", CONTEXT)),
        file,
        (_, _, _) -> {});
    RunnerOptions options = RunnerOptions.defaults().withIoManager(CacheManager::new);
    try (TextRunner runner = TextRunner.load(file, options)) {
      GenerationConfig settings = GenerationConfig.defaults().withMaxNewTokens(6);
      int[] tokens =
          runner.generate(GenerationRequest.ofIds(new int[] {3, 5, 8}).with(settings)).tokens();
      System.out.println(Arrays.toString(tokens));
    }
  }

  /**
   * Attention in its smallest form: the cache holds the vectors of all tokens; their sum, weighted
   * by how much each resembles the newest one, says what comes next.
   */
  private static Graph graph() {
    GraphBuilder builder = new GraphBuilder("forward", new ProbingInference());
    Author a = new Author(builder);
    Value tokens = builder.input("tokens", Type.TensorType.of(DType.INT64, 1, 1));
    Value position = builder.input("position", Type.TensorType.of(DType.INT64, 1));
    Value cache = builder.input("cache", Type.TensorType.of(DType.FLOAT32, CONTEXT, WIDTH));
    Value vectors =
        builder.parameter(
            "vectors", Type.TensorType.of(DType.FLOAT32, VOCABULARY, WIDTH), new Waves());
    Value newest =
        a.view(
            builder.call(
                "aten::embedding.out",
                Operand.of(vectors),
                Operand.of(tokens),
                Operand.of(-1),
                Operand.of(false),
                Operand.of(false)),
            Dim.ONE,
            Dim.of(WIDTH));
    Value updated =
        builder.call(
            "aten::index_put.out",
            Operand.of(cache),
            new Operand.ListOf(List.of(Operand.of(position))),
            Operand.of(newest),
            Operand.of(false));
    // Slots that no token has reached are zero, and count for nothing in the sum.
    Value resemblance = a.sum(a.mul(updated, newest), 1);
    Value weighted = a.mul(updated, a.view(resemblance, Dim.of(CONTEXT), Dim.ONE));
    Value summary = a.view(a.sum(weighted, 0), Dim.ONE, Dim.of(WIDTH));
    Value logits =
        builder.call("aten::mm.out", Operand.of(summary), Operand.of(a.permute(vectors, 1, 0)));
    return builder.build(List.of(logits, updated));
  }

  /** Vectors that differ from token to token. */
  private record Waves() implements ConstantData {

    @Override
    public long byteSize() {
      return (long) VOCABULARY * WIDTH * Float.BYTES;
    }

    @Override
    public void writeTo(MemorySegment target) {
      for (int i = 0; i < VOCABULARY * WIDTH; i++) {
        target.setAtIndex(
            ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) Math.sin(1.7 * i + 0.3 * i * i));
      }
    }

    @Override
    public String identity() {
      return "waves";
    }
  }
}
