package dev.sconce.export.generation;

import dev.sconce.base.DType;
import dev.sconce.export.block.Blocks;
import dev.sconce.export.block.CrossAttention;
import dev.sconce.export.block.EncoderDecoder;
import dev.sconce.export.block.HeadedAttention;
import dev.sconce.export.block.SourceInput;
import dev.sconce.export.block.TargetInput;
import dev.sconce.export.block.TargetLayer;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An encoder-decoder model of text as a step.
 *
 * <p>The beginning of new sequences runs the encoder and keeps what the decoder reads of the
 * source: keys and values of every layer, and which tokens are padding. Rows of a prompt share
 * them. Rows are reordered by remembering where each continues; nothing is moved.
 */
public final class Seq2SeqStep implements StepGraph {

  private final EncoderDecoder model;
  private final Sizes sizes;
  private final Dim prompts;
  private final Dim each;
  private final Value ids;
  private final Value mask;
  private final Value heldIds;
  private final Value heldMask;
  private final List<CrossAttention.KeysValues> held = new ArrayList<>();
  private final @Nullable Value origin;

  /**
   * How much a program holds.
   *
   * @param source how many tokens a source may have
   * @param target how many tokens a row may have
   */
  public record Sizes(int source, int target) {}

  private Seq2SeqStep(Blocks blocks, EncoderDecoder model, Sizes sizes, Dim prompts, Dim each) {
    this.model = model;
    this.sizes = sizes;
    this.prompts = prompts;
    this.each = each;
    GraphBuilder builder = blocks.builder();
    // A call that goes on brings any source, which is not looked at: its sizes are its own.
    Dim sources = Dim.of(builder.symbol("C", 1, prompts.max()));
    Dim given = Dim.of(builder.symbol("given", 1, sizes.source()));
    Type.TensorType input =
        new Type.TensorType(DType.INT64, List.of(prompts.isFixed() ? Dim.ONE : sources, given));
    this.ids = builder.input("input_ids", input);
    this.mask = builder.input("attention_mask", input);
    Dim length = Dim.of(builder.symbol("held", 1, sizes.source()));
    Type.TensorType kept = new Type.TensorType(DType.INT64, List.of(prompts, length));
    this.heldIds = builder.buffer("source.ids", kept);
    this.heldMask = builder.buffer("source.mask", kept);
    for (TargetLayer layer : model.decoder().layers()) {
      HeadedAttention attention = layer.cross().attention();
      Dim heads = prompts.times(Dim.of(attention.heads()));
      Dim d = Dim.of(attention.headDim());
      DType dtype = blocks.options().dtype();
      String name = "source." + held.size();
      held.add(
          new CrossAttention.KeysValues(
              builder.buffer(name + ".keys", new Type.TensorType(dtype, List.of(heads, d, length))),
              builder.buffer(
                  name + ".values", new Type.TensorType(dtype, List.of(heads, length, d)))));
    }
    this.origin =
        each.isFixed()
            ? null
            : builder.buffer(
                "source.origin", new Type.TensorType(DType.INT64, List.of(prompts.times(each))));
  }

  /** Returns the steps of a model. */
  public static Factory of(EncoderDecoder model, Sizes sizes) {
    return new Factory() {
      @Override
      public StepGraph create(Blocks blocks, Dim rows) {
        return create(blocks, rows, Dim.ONE);
      }

      @Override
      public StepGraph create(Blocks blocks, Dim prompts, Dim each) {
        return new Seq2SeqStep(blocks, model, sizes, prompts, each);
      }
    };
  }

  @Override
  public int vocabulary() {
    return model.decoder().head().weight().rows();
  }

  @Override
  public int capacity() {
    return sizes.target();
  }

  @Override
  public boolean hasEncoder() {
    return true;
  }

  @Override
  public Value encoderIds() {
    return heldIds;
  }

  @Override
  public Value step(Blocks blocks, StepInput input) {
    Author a = blocks.author();
    a.size(heldMask, 1);
    Dim rows = prompts.times(each);
    TargetInput target =
        new TargetInput(
            blocks,
            input.ids(),
            input.columns(),
            origin,
            heldMask,
            prompts,
            each,
            new TargetInput.Limits(sizes.target(), Math.toIntExact(rows.max())));
    Value logits = model.decode(blocks, target, held, false);
    return a.view(logits, rows, Dim.of(vocabulary()));
  }

  @Override
  public void begin(Blocks blocks) {
    Author a = blocks.author();
    GraphBuilder builder = blocks.builder();
    Value hidden = model.encode(blocks, new SourceInput(blocks, ids, mask, sizes.source()));
    List<CrossAttention.KeysValues> made = model.crossKeysValues(blocks, hidden);
    Operand length = a.operand(ids.tensorType().dim(1));
    for (int i = 0; i < held.size(); i++) {
      HeadedAttention attention = model.decoder().layers().get(i).cross().attention();
      Operand d = Operand.of(attention.headDim());
      write(builder, held.get(i).keys(), made.get(i).keys(), d, length);
      write(builder, held.get(i).values(), made.get(i).values(), length, d);
    }
    builder.copyInto(heldIds, ids);
    builder.copyInto(heldMask, mask);
    if (origin != null) {
      builder.callInto(origin, "aten::arange.out", a.operand(prompts.times(each)));
    }
  }

  /** Rows of heads are as many as there are. */
  private static void write(
      GraphBuilder builder, Value buffer, Value made, Operand second, Operand third) {
    builder.callInto(
        buffer,
        "aten::view_copy.out",
        Operand.of(made),
        new Operand.ListOf(List.of(Operand.of(-1), second, third)));
  }

  @Override
  public void reorder(Blocks blocks, Value rows) {
    if (origin == null) {
      throw new IllegalStateException("one row a prompt has no order");
    }
    blocks.builder().copyInto(origin, rows);
  }
}
