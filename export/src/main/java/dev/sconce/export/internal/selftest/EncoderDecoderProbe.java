package dev.sconce.export.internal.selftest;

import dev.sconce.base.ExportException;
import dev.sconce.generate.resource.Getters;
import dev.sconce.generate.resource.ResourceNames;
import dev.sconce.generate.selftest.Call.Input;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import dev.sconce.runtime.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The encoder on one source, then the decoder on the start token and on some tokens more. What goes
 * where is told by the methods that name inputs and outputs.
 */
final class EncoderDecoderProbe {

  static final String ENCODER = "encoder";
  static final String DECODER = "text_decoder";

  private static final int SOURCE = 12;
  private static final int MORE = 3;

  private final PteModule module;
  private final Getters getters;
  private final PromptTokens prompts;

  EncoderDecoderProbe(PteModule module, PromptTokens prompts) {
    this.module = module;
    this.getters = new Getters(module);
    this.prompts = prompts;
  }

  Probe make() {
    List<Input> sources = new ArrayList<>();
    int length = sourceLength();
    for (String name : getters.strings("encoder_inputs")) {
      sources.add(
          switch (name) {
            case "input_ids" -> row(prompts.exactly(length));
            case "attention_mask" -> row(filled(length, 1));
            case "input_features" -> new Input.Pattern(longs(input(ENCODER, 0)));
            default -> throw unknown(ENCODER, name);
          });
    }
    TensorInfo ids = input(DECODER, 0);
    List<Probe.Request> calls = new ArrayList<>();
    calls.add(new Probe.Request(ENCODER, sources));
    int start = getters.integer(ResourceNames.DECODER_START_ID).orElse(0);
    calls.add(decode(new long[] {start}, 0, length));
    int last = ids.shape().getLast();
    if (ids.dynamic() && last > MORE) {
      calls.add(decode(prompts.exactly(MORE), 1, length));
    }
    return new Probe(ENCODER + " and " + DECODER, calls);
  }

  private Probe.Request decode(long[] tokens, int position, int sourceLength) {
    List<String> made = getters.strings("encoder_outputs");
    long[] positions = new long[tokens.length];
    Arrays.setAll(positions, i -> position + i);
    List<Input> inputs = new ArrayList<>();
    for (String name : getters.strings("text_decoder_inputs")) {
      inputs.add(
          switch (name) {
            case "decoder_input_ids" -> row(tokens);
            case "attention_mask" -> row(filled(sourceLength, 1));
            case "cache_position" -> new Input.Given(Tensor.of(positions, positions.length));
            case "cache_rows" -> new Input.Given(Tensor.of(new long[] {0}, 1));
            default -> {
              int output = made.indexOf(name);
              if (output < 0) {
                throw unknown(DECODER, name);
              }
              yield new Input.Returned(0, output);
            }
          });
    }
    return new Probe.Request(DECODER, inputs);
  }

  private int sourceLength() {
    TensorInfo first = input(ENCODER, 0);
    int longest = first.shape().getLast();
    return first.dynamic() ? Math.min(SOURCE, longest) : longest;
  }

  private TensorInfo input(String method, int index) {
    return module.metadata(method).inputs().get(index).tensor().orElseThrow();
  }

  private static List<Long> longs(TensorInfo info) {
    return info.shape().stream().map(Integer::longValue).toList();
  }

  private static ExportException unknown(String method, String input) {
    return new ExportException(
        "self-test of method '" + method + "'", "no value is known for input '" + input + "'");
  }

  private static long[] filled(int length, long value) {
    long[] values = new long[length];
    Arrays.fill(values, value);
    return values;
  }

  private static Input row(long[] values) {
    return new Input.Given(Tensor.of(values, 1, values.length));
  }
}
