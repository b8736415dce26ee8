package dev.sconce.export.task;

import dev.sconce.base.DType;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Blocks;
import dev.sconce.export.block.EncoderDecoder;
import dev.sconce.export.block.SourceInput;
import dev.sconce.export.block.TargetInput;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.ProbingInference;
import dev.sconce.graph.Value;
import dev.sconce.graph.emit.ConstantMethod;
import java.util.List;

/**
 * The methods of encoder-decoder models as optimum-executorch writes them and its {@code
 * ExecuTorchModelForSeq2SeqLM} calls them: one source, no padding, keys and values of the source
 * made anew by every step.
 *
 * <pre>
 * encoder(input_ids int64[1, S]) → hidden[1, S, width]
 * text_decoder(decoder_input_ids int64[1, T], encoder_hidden_states[1, S, width],
 *     cache_position int64[T]) → logits float32[1, 1, V]
 * sampler(logits float32[1, 1, V]) → int64[1, 1]
 * </pre>
 */
final class UpstreamSeq2Seq {

  private UpstreamSeq2Seq() {}

  static List<Graph> methods(EncoderDecoder model, BlockOptions options, Task.Shape shape) {
    return List.of(encoder(model, options, shape), decoder(model, options, shape), sampler(model));
  }

  private static Graph encoder(EncoderDecoder model, BlockOptions options, Task.Shape shape) {
    GraphBuilder builder = new GraphBuilder("encoder", new ProbingInference());
    Blocks blocks = new Blocks(new Author(builder), options);
    Dim length = CachedSeq2Seq.sourceLength(builder, shape);
    Value ids = builder.input("input_ids", CachedSeq2Seq.tensor(DType.INT64, Dim.ONE, length));
    SourceInput input = new SourceInput(blocks, ids, null, shape.maxSourceLength());
    return builder.build(List.of(model.encode(blocks, input)));
  }

  private static Graph decoder(EncoderDecoder model, BlockOptions options, Task.Shape shape) {
    GraphBuilder builder = new GraphBuilder("text_decoder", new ProbingInference());
    Blocks blocks = new Blocks(new Author(builder), options);
    Dim length =
        shape.dynamic() ? Dim.of(builder.symbol("T", 1, shape.maxSequenceLength())) : Dim.ONE;
    Dim width = Dim.of(model.decoder().head().weight().columns());
    Value ids =
        builder.input("decoder_input_ids", CachedSeq2Seq.tensor(DType.INT64, Dim.ONE, length));
    Value hidden =
        builder.input(
            "encoder_hidden_states",
            CachedSeq2Seq.tensor(
                options.dtype(), Dim.ONE, CachedSeq2Seq.sourceLength(builder, shape), width));
    Value positions = builder.input("cache_position", CachedSeq2Seq.tensor(DType.INT64, length));
    TargetInput input =
        new TargetInput(
            blocks,
            ids,
            positions,
            null,
            null,
            Dim.ONE,
            Dim.ONE,
            new TargetInput.Limits(shape.maxSequenceLength(), 1));
    return builder.build(
        List.of(
            model.decode(blocks, input, model.crossKeysValues(blocks, hidden), shape.allLogits())));
  }

  private static Graph sampler(EncoderDecoder model) {
    GraphBuilder builder = new GraphBuilder("sampler", new ProbingInference());
    Dim vocabulary = Dim.of(model.decoder().head().weight().rows());
    Value logits =
        builder.input("logits", CachedSeq2Seq.tensor(DType.FLOAT32, Dim.ONE, Dim.ONE, vocabulary));
    return builder.build(
        List.of(
            builder.call(
                "aten::argmax.out", Operand.of(logits), Operand.of(-1), Operand.of(false))));
  }

  /** Returns the methods that name inputs and outputs. */
  static List<ConstantMethod> names() {
    return List.of(
        ConstantMethod.of("encoder_inputs", List.of("input_ids")),
        ConstantMethod.of("encoder_outputs", List.of("encoder_hidden_states")),
        ConstantMethod.of(
            "text_decoder_inputs",
            List.of("decoder_input_ids", "encoder_hidden_states", "cache_position")));
  }
}
