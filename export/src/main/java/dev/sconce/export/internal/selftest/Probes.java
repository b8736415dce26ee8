package dev.sconce.export.internal.selftest;

import dev.sconce.generate.resource.Getters;
import dev.sconce.generate.resource.ResourceNames;
import dev.sconce.generate.selftest.Call.Input;
import dev.sconce.runtime.MethodMetadata;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import dev.sconce.runtime.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/** Chooses calls by the methods that a program has. */
final class Probes {

  private static final String FORWARD = "forward";
  private static final String WITH_TYPES = "forward_with_token_types";

  private static final int PROMPT = 8;
  private static final int ROWS = 2;

  private final PteModule module;
  private final PromptTokens prompts;

  Probes(PteModule module, PromptTokens prompts) {
    this.module = module;
    this.prompts = prompts;
  }

  List<Probe> all() {
    List<Probe> probes = new ArrayList<>();
    if (has(FORWARD)) {
      probes.addAll(ofForward());
    }
    if (has(WITH_TYPES)) {
      Texts texts = texts(input(WITH_TYPES, 0));
      Input types = texts.of(i -> i % texts.length >= texts.length / 2 ? 1 : 0);
      probes.add(one(WITH_TYPES, WITH_TYPES, texts.tokens(prompts), texts.of(_ -> 1), types));
    }
    if (has(EncoderDecoderProbe.ENCODER) && has(EncoderDecoderProbe.DECODER)) {
      probes.add(new EncoderDecoderProbe(module, prompts).make());
    }
    return probes;
  }

  private List<Probe> ofForward() {
    MethodMetadata forward = module.metadata(FORWARD);
    TensorInfo first = input(FORWARD, 0);
    if (first.dtype().isFloating()) {
      List<Long> shape = new ArrayList<>();
      first.shape().forEach(size -> shape.add(size.longValue()));
      shape.set(0, (long) rows(first));
      return List.of(one(FORWARD, FORWARD, new Input.Pattern(shape)));
    }
    return input(FORWARD, 1).shape().size() == 1
        ? List.of(decoder(first))
        : List.of(encoder(first, forward.inputs().size()));
  }

  /** Tokens and positions: a prompt, then one more token and, where a call may, two at once. */
  private Probe decoder(TensorInfo ids) {
    boolean dynamic = ids.dynamic();
    int room = context();
    List<Integer> chunks =
        dynamic && room >= PROMPT + 3
            ? List.of(PROMPT, 1, 2)
            : Arrays.asList(filledBoxed(Math.min(room, PROMPT)));
    long[] all = prompts.exactly(chunks.stream().mapToInt(Integer::intValue).sum());
    List<Probe.Request> calls = new ArrayList<>();
    int position = 0;
    for (int chunk : chunks) {
      long[] part = Arrays.copyOfRange(all, position, position + chunk);
      long[] positions = new long[chunk];
      for (int i = 0; i < chunk; i++) {
        positions[i] = (long) position + i;
      }
      calls.add(
          new Probe.Request(
              FORWARD, List.of(row(part), new Input.Given(Tensor.of(positions, chunk)))));
      position += chunk;
    }
    return new Probe(FORWARD, calls);
  }

  /** Rows of which each is padded by one more than the one before. */
  private Probe encoder(TensorInfo ids, int inputs) {
    Texts texts = texts(ids);
    int length = texts.length;
    Input mask = texts.of(i -> i % length > 0 && i % length >= length - 1 - i / length ? 0 : 1);
    return inputs == 1
        ? one(FORWARD, FORWARD, texts.tokens(prompts))
        : one(FORWARD, FORWARD, texts.tokens(prompts), mask);
  }

  /** The sizes of texts: as a method wants them, or small. */
  private static Texts texts(TensorInfo ids) {
    return new Texts(rows(ids), ids.dynamic() ? Math.min(PROMPT, last(ids)) : last(ids));
  }

  private static int rows(TensorInfo input) {
    int most = input.shape().getFirst();
    return input.dynamic() ? Math.min(ROWS, most) : most;
  }

  /** Several texts of equal length. */
  private record Texts(int rows, int length) {

    Input of(IntToLongFunction number) {
      long[] numbers = IntStream.range(0, rows * length).mapToLong(number).toArray();
      return new Input.Given(Tensor.of(numbers, rows, length));
    }

    Input tokens(PromptTokens prompts) {
      long[] tokens = prompts.exactly(rows * length);
      return of(i -> tokens[i]);
    }
  }

  private boolean has(String method) {
    return module.methodNames().contains(method);
  }

  private TensorInfo input(String method, int index) {
    return module.metadata(method).inputs().get(index).tensor().orElseThrow();
  }

  private static int last(TensorInfo info) {
    return info.shape().getLast();
  }

  private int context() {
    Getters getters = new Getters(module);
    return getters
        .integer(ResourceNames.MAX_CONTEXT_LEN)
        .orElse(getters.integer(ResourceNames.MAX_SEQ_LEN).orElse(1));
  }

  private static Integer[] filledBoxed(int count) {
    Integer[] ones = new Integer[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static Input row(long[] values) {
    return new Input.Given(Tensor.of(values, 1, values.length));
  }

  private static Probe one(String name, String method, Input... inputs) {
    return new Probe(name, List.of(new Probe.Request(method, List.of(inputs))));
  }
}
