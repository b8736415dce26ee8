package dev.sconce.generate.runner.internal;

import dev.sconce.base.DType;
import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.resource.Getters;
import dev.sconce.generate.resource.ResourceNames;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Method;
import dev.sconce.runtime.MethodMetadata;
import dev.sconce.runtime.Program;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import dev.sconce.runtime.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * An encoder-decoder program, and how it wants to be called.
 *
 * <p>Programs of Sconce name the inputs and outputs of {@code encoder} and {@code text_decoder} in
 * constant methods. Those of optimum-executorch do not: they take ids, and ids, hidden states and
 * positions; one source, no mask.
 */
public final class Seq2SeqProgram {

  static final String MASK = "attention_mask";

  private static final String ENCODER = "encoder";
  private static final String DECODER = "text_decoder";
  private static final String INPUT_IDS = "input_ids";
  private static final String TARGET_IDS = "decoder_input_ids";
  private static final String HIDDEN = "encoder_hidden_states";
  private static final String POSITIONS = "cache_position";
  private static final String ROWS = "cache_rows";

  private final Program program;
  private final List<String> encoderInputs;
  private final List<String> encoderOutputs;
  private final List<String> decoderInputs;
  private final TensorInfo sourceIds;
  private final TensorInfo targetIds;
  private final int vocabulary;
  private final int context;
  private final int sources;
  private final int beams;
  private final int padding;

  private Seq2SeqProgram(PteModule module) {
    this.program = module.program();
    Getters getters = new Getters(module);
    MethodMetadata encoder = module.metadata(ENCODER);
    MethodMetadata decoder = module.metadata(DECODER);
    this.encoderInputs =
        names(getters, "encoder_inputs", List.of(INPUT_IDS, MASK), encoder.inputs().size());
    this.encoderOutputs =
        names(getters, "encoder_outputs", List.of(HIDDEN), encoder.outputs().size());
    this.decoderInputs =
        names(
            getters,
            "text_decoder_inputs",
            List.of(TARGET_IDS, HIDDEN, POSITIONS),
            decoder.inputs().size());
    this.sourceIds = tensor(encoder, encoder.inputs(), encoderInputs.indexOf(INPUT_IDS));
    this.targetIds = tensor(decoder, decoder.inputs(), decoderInputs.indexOf(TARGET_IDS));
    this.vocabulary = StepMethod.logits(decoder).shape().getLast();
    this.context =
        getters
            .integer(ResourceNames.MAX_CONTEXT_LEN)
            .orElseGet(
                () -> getters.integer(ResourceNames.MAX_SEQ_LEN).orElse(targetIds.shape().get(1)));
    this.sources = sourceIds.shape().getFirst();
    this.beams = Math.max(1, targetIds.shape().getFirst() / sources);
    this.padding = getters.integer(ResourceNames.PAD_ID).orElse(0);
    checkKnown();
  }

  /**
   * Finds out how to call a program.
   *
   * @throws InvalidInputException if it is no encoder-decoder program, or of an unknown convention
   */
  public static Seq2SeqProgram of(PteModule module) {
    if (!isOne(module)) {
      throw new InvalidInputException(
          module.program().name(),
          "methods",
          "encoder and text_decoder (programs without: TextRunner, sconce generate)",
          module.methodNames().toString());
    }
    return new Seq2SeqProgram(module);
  }

  /** Returns whether a program has the methods of encoder-decoder models. */
  public static boolean isOne(PteModule module) {
    return module.methodNames().containsAll(List.of(ENCODER, DECODER));
  }

  private List<String> names(Getters getters, String method, List<String> otherwise, int count) {
    List<String> told = getters.strings(method);
    List<String> names =
        !told.isEmpty() ? told : otherwise.subList(0, Math.min(count, otherwise.size()));
    if (names.size() != count) {
      throw new InvalidInputException(
          program.name(),
          method,
          count + " names, as the method has inputs or outputs",
          names.toString());
    }
    return names;
  }

  private TensorInfo tensor(
      MethodMetadata method, List<MethodMetadata.ValueInfo> values, int index) {
    if (index >= 0) {
      var info =
          values
              .get(index)
              .tensor()
              .filter(t -> t.dtype() == DType.INT64 && t.shape().size() == 2)
              .filter(t -> t.shape().stream().allMatch(size -> size > 0));
      if (info.isPresent()) {
        return info.get();
      }
    }
    throw new InvalidInputException(
        "method '" + method.name() + "'", "inputs", "ids int64[rows, n]", values.toString());
  }

  /** Every input of the decoder must be something that somebody makes. */
  private void checkKnown() {
    List<String> known = new ArrayList<>(encoderOutputs);
    known.addAll(List.of(TARGET_IDS, MASK, POSITIONS, ROWS));
    List<String> unknown = decoderInputs.stream().filter(name -> !known.contains(name)).toList();
    if (!unknown.isEmpty() || !decoderInputs.contains(POSITIONS)) {
      throw new InvalidInputException(
          "method '" + DECODER + "'",
          "inputs",
          "cache_position and others among " + known,
          decoderInputs.toString());
    }
  }

  /** Returns the size of the vocabulary. */
  public int vocabulary() {
    return vocabulary;
  }

  /** Returns how many tokens a target can have, the start token included. */
  public int context() {
    return context;
  }

  /** Returns how many tokens a source can have. */
  public int sourceLength() {
    return sourceIds.shape().get(1);
  }

  /** Returns how many sources one call takes. */
  int sources() {
    return sources;
  }

  /** Returns how many rows one call takes for each source. */
  int beams() {
    return decoderInputs.contains(ROWS) || beams == 1 ? beams : 1;
  }

  /** Returns whether the encoder is told which tokens are padding. */
  boolean masked() {
    return encoderInputs.contains(MASK);
  }

  /** Returns how many new tokens one call of the decoder takes at most. */
  int longestStep() {
    return targetIds.dynamic() ? Math.min(context, targetIds.shape().get(1)) : 1;
  }

  Method loadEncoder() {
    return program.loadMethod(ENCODER);
  }

  Method loadDecoder() {
    return program.loadMethod(DECODER);
  }

  /**
   * Encodes sources of equal length.
   *
   * @return views of the encoder's memory, valid until its next execution
   */
  EncodedSource encode(Method encoder, int[][] ids, int[][] masks) {
    int given = ids[0].length;
    if (given == 0 || given > sourceLength()) {
      throw new InvalidInputException(
          "generate", "source", "1 to " + sourceLength() + " tokens", "" + given);
    }
    int length = sourceIds.dynamic() ? given : sourceLength();
    if (length > given && !masked()) {
      throw new InvalidInputException(
          "method '" + ENCODER + "'",
          "input_ids",
          "exactly " + length + " tokens, since it is told of no padding",
          "" + given);
    }
    Tensor mask = matrix(masks, length, 0);
    Tensor tokens = matrix(ids, length, padding);
    List<EValue> inputs = new ArrayList<>();
    for (String name : encoderInputs) {
      inputs.add(EValue.from(name.equals(MASK) ? mask : tokens));
    }
    EValue[] outputs = encoder.execute(inputs.toArray(EValue[]::new));
    Map<String, Tensor> made = new LinkedHashMap<>();
    made.put(MASK, mask);
    for (int i = 0; i < outputs.length; i++) {
      if (decoderInputs.contains(encoderOutputs.get(i))) {
        made.put(encoderOutputs.get(i), outputs[i].toTensor());
      }
    }
    return new EncodedSource(ids.length, made);
  }

  private static Tensor matrix(int[][] rows, int length, int fill) {
    long[] all = new long[rows.length * length];
    Arrays.fill(all, fill);
    for (int r = 0; r < rows.length; r++) {
      for (int i = 0; i < rows[r].length; i++) {
        all[r * length + i] = rows[r][i];
      }
    }
    return Tensor.of(all, rows.length, length);
  }

  /**
   * Runs the decoder over new tokens, as many calls as it takes.
   *
   * @param ids the new tokens, a row for each row of the decoder, all equally many
   * @param position how many tokens each row had before
   * @param rows which row of the call before each row continues
   * @return the logits of the last call, a view of the decoder's memory
   */
  Tensor decode(Method decoder, EncodedSource source, int[][] ids, int position, int[] rows) {
    int length = ids[0].length;
    if (length == 0 || position + length > context) {
      throw new InvalidInputException(
          "generate",
          "decoder tokens",
          "1 to " + (context - position) + ", what the caches still hold",
          "" + length);
    }
    int[] from = rows;
    for (int at = 0; ; at += longestStep()) {
      int end = Math.min(length, at + longestStep());
      Tensor logits = call(decoder, source, ids, at, end, position, from);
      if (end == length) {
        return logits;
      }
      from = java.util.stream.IntStream.range(0, rows.length).toArray();
    }
  }

  private Tensor call(
      Method decoder,
      EncodedSource source,
      int[][] ids,
      int from,
      int to,
      int position,
      int[] rows) {
    int[][] part = new int[ids.length][];
    for (int r = 0; r < part.length; r++) {
      part[r] = Arrays.copyOfRange(ids[r], from, to);
    }
    Tensor positions = Tensor.of(LongStream.range(position + from, (long) position + to).toArray());
    List<EValue> inputs = new ArrayList<>();
    for (String name : decoderInputs) {
      inputs.add(
          EValue.from(
              switch (name) {
                case TARGET_IDS -> matrix(part, to - from, 0);
                case POSITIONS -> positions;
                case ROWS -> Tensor.of(Arrays.stream(rows).asLongStream().toArray());
                default -> java.util.Objects.requireNonNull(source.tensors().get(name));
              }));
    }
    return decoder.execute(inputs.toArray(EValue[]::new))[0].toTensor();
  }

  /** Returns the scores after the last new token of a row. */
  float[] scores(Tensor logits, int row) {
    int all = (int) (logits.numel() / vocabulary);
    int ofRow = all / (int) logits.size(0);
    return Logits.row(logits, (long) row * ofRow + ofRow - 1);
  }
}
