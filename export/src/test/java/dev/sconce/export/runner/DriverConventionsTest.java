package dev.sconce.export.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.export.runner.TinyDecoder.Convention;
import dev.sconce.export.runner.TinyDecoder.Memory;
import dev.sconce.export.runner.TinyDecoder.Places;
import dev.sconce.format.Longs;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteFileWriter;
import dev.sconce.format.pte.PteLayout;
import dev.sconce.format.pte.PteProgram;
import dev.sconce.format.pte.PteValue;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.GenerationResult;
import dev.sconce.generate.runner.Session;
import dev.sconce.generate.runner.TextRunner;
import dev.sconce.graph.Graph;
import dev.sconce.graph.emit.ConstantMethod;
import dev.sconce.graph.emit.ProgramEmitter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs of every convention that drivers know, against a model that is computed by hand. */
final class DriverConventionsTest {

  private static final int CONTEXT = TinyDecoder.CONTEXT;
  private static final int BLOCK = TinyDecoder.BLOCK;
  private static final TinyDecoder MODEL = new TinyDecoder();

  @TempDir private Path folder;

  /** What a program looks like. */
  enum Kind {
    POSITIONS(null),
    POSITIONS_ALL_LOGITS(null),
    START(null),
    ONE_TOKEN_A_CALL(null),
    STATIC_BLOCKS(null),
    STATIC_BLOCKS_FROM_START(null),
    PREFILL_AND_DECODE(null),
    STATIC_PREFILL_AND_DECODE(null),
    STATIC_PREFILL_OF_LAST_LOGITS_AND_DECODE(null),
    EMBEDDING_AND_DECODER(null),
    STATIC_EMBEDDING_AND_DECODER(null),
    SHORT_EMBEDDING_AND_DECODER(null),
    WITHOUT_CACHE(null),
    STATIC_WITHOUT_CACHE(null),
    RING(TinyDecoder.WINDOW),
    RING_ONE_TOKEN_A_CALL(TinyDecoder.WINDOW),
    STATIC_PREFILL_AND_DECODE_OF_RINGS(TinyDecoder.WINDOW);

    private final Integer window;

    Kind(Integer window) {
      this.window = window;
    }

    List<Graph> methods() {
      return switch (this) {
        case POSITIONS -> forward(Memory.FULL, Places.EACH, BLOCK, true, false);
        case POSITIONS_ALL_LOGITS -> forward(Memory.FULL, Places.EACH, BLOCK, true, true);
        case START -> forward(Memory.FULL, Places.FIRST, BLOCK, true, false);
        case ONE_TOKEN_A_CALL -> forward(Memory.FULL, Places.EACH, 1, false, false);
        case STATIC_BLOCKS -> forward(Memory.FULL, Places.EACH, BLOCK, false, true);
        case STATIC_BLOCKS_FROM_START -> forward(Memory.FULL, Places.FIRST, BLOCK, false, true);
        case PREFILL_AND_DECODE -> pair(Memory.FULL, true, false);
        case STATIC_PREFILL_AND_DECODE -> pair(Memory.FULL, false, true);
        case STATIC_PREFILL_OF_LAST_LOGITS_AND_DECODE -> pair(Memory.FULL, false, false);
        case EMBEDDING_AND_DECODER -> embedded(BLOCK, true);
        case STATIC_EMBEDDING_AND_DECODER -> embedded(BLOCK, false);
        case SHORT_EMBEDDING_AND_DECODER -> embedded(3, true);
        case WITHOUT_CACHE -> forward(Memory.NOTHING, Places.NONE, CONTEXT, true, false);
        case STATIC_WITHOUT_CACHE -> forward(Memory.NOTHING, Places.NONE, CONTEXT, false, true);
        case RING -> forward(Memory.RING, Places.EACH, BLOCK, true, false);
        case RING_ONE_TOKEN_A_CALL -> forward(Memory.RING, Places.EACH, 1, false, false);
        case STATIC_PREFILL_AND_DECODE_OF_RINGS -> pair(Memory.RING, false, true);
      };
    }

    private static List<Graph> forward(
        Memory memory, Places places, int longest, boolean dynamic, boolean allLogits) {
      return List.of(
          MODEL.method("forward", new Convention(memory, places, longest, dynamic, allLogits)));
    }

    private static List<Graph> pair(Memory memory, boolean dynamic, boolean allLogits) {
      return List.of(
          MODEL.method("prefill", new Convention(memory, Places.EACH, BLOCK, dynamic, allLogits)),
          MODEL.method("decode", new Convention(memory, Places.EACH, 1, false, false)));
    }

    private static List<Graph> embedded(int longest, boolean dynamic) {
      return List.of(
          MODEL.embedding("token_embedding", longest, dynamic),
          MODEL.methodOfVectors(
              "text_decoder", new Convention(Memory.FULL, Places.EACH, BLOCK, true, false)));
    }

    boolean shares() {
      return methods().getFirst().name().equals("prefill");
    }

    int[] greedy(int[] prompt, int count) {
      return MODEL.greedy(prompt, count, window);
    }
  }

  private TextRunner load(Kind kind) throws IOException {
    Path file = folder.resolve(kind + ".pte");
    List<ConstantMethod> metadata = new ArrayList<>();
    metadata.add(
        ConstantMethod.of("get_max_seq_len", kind.name().contains("WITHOUT") ? CONTEXT : BLOCK));
    metadata.add(ConstantMethod.of("get_max_context_len", CONTEXT));
    if (kind.window != null) {
      metadata.add(ConstantMethod.of("sliding_window", kind.window));
    }
    ProgramEmitter.write(kind.methods(), metadata, file, (_, _, _) -> {});
    return TextRunner.load(kind.shares() ? sharing(file) : file);
  }

  /** Puts the buffers of the second method where those of the first are. */
  private Path sharing(Path file) throws IOException {
    Path shared = folder.resolve("shared.pte");
    try (PteFile opened = PteFile.open(file)) {
      PteProgram program = opened.program();
      List<ExecutionPlan> plans = new ArrayList<>(program.plans());
      ExecutionPlan decode = plans.get(1);
      List<PteValue> values =
          decode.values().stream().map(DriverConventionsTest::inFirstMemory).toList();
      plans.set(
          1,
          new ExecutionPlan(
              decode.name(),
              decode.containerMetadata(),
              values,
              decode.inputs(),
              decode.outputs(),
              decode.chains(),
              decode.operators(),
              decode.delegates(),
              Longs.of(
                  0, decode.plannedBufferSizes().get(1), decode.plannedBufferSizes().get(3), 0),
              decode.plannedBufferDevices()));
      PteProgram changed =
          new PteProgram(
              program.header(),
              program.version(),
              plans,
              program.inlineConstants(),
              program.inlineDelegateData(),
              program.segments(),
              program.constantSegment(),
              program.mutableDataSegments(),
              program.namedData());
      PteLayout layout = PteLayout.of(changed, PteLayout.SEGMENT_ALIGNMENT);
      try (PteFileWriter writer = PteFileWriter.create(shared, layout)) {
        for (int i = 0; i < program.segments().size(); i++) {
          writer.write(i, opened.segment(i));
        }
        writer.finish();
      }
    }
    return shared;
  }

  private static PteValue inFirstMemory(PteValue value) {
    return value instanceof PteValue.TensorValue tensor
            && tensor.allocation() != null
            && tensor.allocation().memoryId() == 3
        ? tensor.at(2, tensor.allocation().offset())
        : value;
  }

  private static GenerationConfig making(int count) {
    return GenerationConfig.defaults().withMaxNewTokens(count).withEndTokens();
  }

  private static int[] generate(Session session, int count, int... ids) {
    return session.generate(GenerationRequest.ofIds(ids).with(making(count))).tokens();
  }

  private static int[] prompt(int length) {
    return new Random(length).ints(length, 0, TinyDecoder.VOCABULARY).toArray();
  }

  @ParameterizedTest
  @EnumSource
  void generatesWhatTheModelSays(Kind kind) throws IOException {
    try (TextRunner runner = load(kind)) {
      assertThat(runner.contextLength()).isEqualTo(CONTEXT);
      assertThat(runner.vocabularySize()).isEqualTo(TinyDecoder.VOCABULARY);
      for (int length = 1; length < CONTEXT; length++) {
        runner.reset();
        int[] tokens =
            runner.generate(GenerationRequest.ofIds(prompt(length)).with(making(CONTEXT))).tokens();
        // The last token that fits is made but never passed.
        assertThat(tokens)
            .as("prompt of %d tokens", length)
            .isEqualTo(kind.greedy(prompt(length), CONTEXT - length));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyChunkingOfAPromptIsTheSame(Kind kind) throws IOException {
    int[] prompt = prompt(19);
    int[] want = kind.greedy(prompt, 5);
    try (TextRunner runner = load(kind)) {
      for (int chunk = 1; chunk < prompt.length; chunk++) {
        try (Session session = runner.newSession()) {
          for (int at = 0; at < prompt.length; at += chunk) {
            session.prefill(
                GenerationRequest.ofIds(
                    Arrays.copyOfRange(prompt, at, Math.min(prompt.length, at + chunk))));
          }
          assertThat(generate(session, 5)).as("pieces of %d", chunk).isEqualTo(want);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void goesBackAndForksAndIsSavedAsIfComputedAnew(Kind kind) throws IOException {
    Path file = folder.resolve("state");
    int[] prompt = prompt(14);
    try (TextRunner runner = load(kind);
        Session session = runner.newSession()) {
      generate(session, 4, prompt);
      for (int kept : new int[] {17, 12, 8, 5, 1, 0}) {
        int[] beginning = Arrays.copyOf(session.tokens(), kept);
        session.rewind(kept);
        try (Session fork = session.fork();
            Session restored = runner.newSession()) {
          session.save(file);
          restored.load(file);
          int[] all = concat(beginning, 3, 14);
          int[] want = kind.greedy(all, 4);
          assertThat(generate(fork, 4, 3, 14)).as("fork of %d", kept).isEqualTo(want);
          assertThat(generate(restored, 4, 3, 14)).as("file of %d", kept).isEqualTo(want);
          assertThat(generate(session, 4, 3, 14)).as("back to %d", kept).isEqualTo(want);
        }
      }
    }
  }

  private static int[] concat(int[] first, int... second) {
    int[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void rowsAndBeamsAreThoseOfSingleRows(Kind kind) throws IOException {
    int[][] prompts = {prompt(3), prompt(12), prompt(1)};
    GenerationConfig beams = making(6).with(Setting.NUM_BEAMS, JsonNumber.of(3));
    try (TextRunner runner = load(kind);
        TextRunner plain = load(kind.window == null ? Kind.POSITIONS : Kind.RING)) {
      GenerationResult batch = runner.generate(GenerationRequest.ofIds(prompts).with(making(6)));
      for (int r = 0; r < prompts.length; r++) {
        assertThat(batch.completions().get(r).tokens())
            .as("row %d", r)
            .isEqualTo(kind.greedy(prompts[r], 6));
      }
      runner.reset();
      GenerationRequest searched = GenerationRequest.ofIds(prompts).with(beams);
      GenerationResult found = runner.generate(searched);
      assertThat(found.sequences().toArray(int[][]::new))
          .isDeepEqualTo(plain.generate(searched).sequences().toArray(int[][]::new));
    }
  }

  /** Padding would overwrite what the next tokens see, and nothing else could take the rest. */
  @Test
  void refusesToPadBlocksOfARing() throws IOException {
    Path file = folder.resolve("ring.pte");
    ProgramEmitter.write(
        List.of(
            MODEL.method("forward", new Convention(Memory.RING, Places.EACH, BLOCK, false, true))),
        List.of(
            ConstantMethod.of("get_max_context_len", CONTEXT),
            ConstantMethod.of("sliding_window", TinyDecoder.WINDOW)),
        file,
        (_, _, _) -> {});
    int[] prompt = prompt(2 * BLOCK);
    try (TextRunner runner = TextRunner.load(file);
        Session session = runner.newSession()) {
      assertThat(session.prefill(GenerationRequest.ofIds(prompt)))
          .as("whole blocks")
          .isEqualTo(MODEL.greedy(prompt, 1, TinyDecoder.WINDOW)[0]);
      assertThatThrownBy(() -> generate(session, 3, 5))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("multiple of 8");
    }
  }
}
