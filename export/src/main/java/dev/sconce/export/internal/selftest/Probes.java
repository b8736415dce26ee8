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

/** Chooses calls by the methods that a program has. */
final class Probes {

  private static final String FORWARD = "forward";
  private static final String WITH_TYPES = "forward_with_token_types";

  private static final int PROMPT = 8;

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
      TensorInfo ids = input(WITH_TYPES, 0);
      int length = ids.dynamic() ? Math.min(PROMPT, last(ids)) : last(ids);
      long[] types = new long[length];
      Arrays.fill(types, length / 2, length, 1);
      probes.add(
          one(
              WITH_TYPES,
              WITH_TYPES,
              row(prompts.exactly(length)),
              row(filled(length, 1)),
              row(types)));
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
      List<Long> shape = first.shape().stream().map(Integer::longValue).toList();
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

  private Probe encoder(TensorInfo ids, int inputs) {
    int length = ids.dynamic() ? Math.min(PROMPT, last(ids)) : last(ids);
    long[] mask = filled(length, 1);
    if (length > 1) {
      mask[length - 1] = 0;
    }
    return inputs == 1
        ? one(FORWARD, FORWARD, row(prompts.exactly(length)))
        : one(FORWARD, FORWARD, row(prompts.exactly(length)), row(mask));
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

  private static long[] filled(int length, long value) {
    long[] values = new long[length];
    Arrays.fill(values, value);
    return values;
  }

  private static Input row(long[] values) {
    return new Input.Given(Tensor.of(values, 1, values.length));
  }

  private static Probe one(String name, String method, Input... inputs) {
    return new Probe(name, List.of(new Probe.Request(method, List.of(inputs))));
  }
}
