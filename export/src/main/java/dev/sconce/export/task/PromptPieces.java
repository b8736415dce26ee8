package dev.sconce.export.task;

import dev.sconce.export.block.Blocks;
import dev.sconce.export.block.Decoder;
import dev.sconce.export.block.DecoderInput;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Symbol;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;

/**
 * A decoder's layers over a prompt of any length, a piece after the other in one call.
 *
 * <pre>
 * from = 0
 * do { last = layers(tokens from … from + 64).last;  from += 64 } until from ≥ S
 * logits = head(last)
 * </pre>
 *
 * <p>What layers hand to each other then fits the processor's caches, whatever the prompt's length,
 * and the memory for it is that of one piece. ExecuTorch's attention computes the scores of all
 * keys for every query of a call, those that come later included: with pieces there are few.
 */
final class PromptPieces {

  /** How many tokens a piece has. */
  static final int LENGTH = 64;

  private final Blocks blocks;
  private final Decoder decoder;
  private final int capacity;

  /**
   * Creates a writer.
   *
   * @param capacity how many tokens caches hold
   */
  PromptPieces(Blocks blocks, Decoder decoder, int capacity) {
    this.blocks = blocks;
    this.decoder = decoder;
    this.capacity = capacity;
  }

  /**
   * Returns whether a method of this shape is to be written in pieces. Where angles depend on the
   * length, all tokens of a call are to be turned for the length that the call ends with.
   */
  static boolean suit(Blocks blocks, Decoder decoder, Dim length, Task.Shape shape) {
    return blocks.options().customAttention()
        && !shape.allLogits()
        && length.max() > LENGTH
        && decoder.layers().stream()
            .map(layer -> layer.attention().rotary())
            .noneMatch(rotary -> rotary != null && rotary.lengthDependent());
  }

  /**
   * Writes the model.
   *
   * @param ids {@code int64[1, S]}
   * @param positions {@code int64[S]}, consecutive
   * @return the logits of the last position
   */
  Value apply(Value ids, Value positions) {
    Author a = blocks.author();
    GraphBuilder builder = blocks.builder();
    Value total = a.size(ids, 1);
    Value next =
        builder.variable(
            "next", new Type.IntType(Dim.of(builder.freshSymbol("next", 0, capacity))));
    Type.TensorType one =
        Type.TensorType.of(blocks.options().dtype(), 1, 1, decoder.tokens().table().columns());
    Value last = builder.buffer("last", one);
    Symbol begin = builder.freshSymbol("from", 0, capacity - 1);
    Symbol count = builder.freshSymbol("P", 1, LENGTH);
    builder.assign(next, Operand.of(0));
    a.loop(
        () -> {
          Value from = a.snapshot(next, begin);
          Value left = a.number("sub", Operand.of(total), Operand.of(from));
          Value piece = a.number("sym_min", count, Operand.of(left), Operand.of(LENGTH));
          Value end = a.sum(from, Operand.of(piece));
          Value someIds = a.slice(ids, 1, Operand.of(from), Operand.of(end));
          Value somePositions = a.slice(positions, 0, Operand.of(from), Operand.of(end));
          DecoderInput input = new DecoderInput(blocks, somePositions, capacity);
          Value x = decoder.hidden(blocks, input, someIds);
          builder.copyInto(last, a.last(x, 1));
          builder.assign(next, Operand.of(end));
          return a.number("ge", Operand.of(end), Operand.of(total));
        });
    return decoder.logits(blocks, last);
  }
}
