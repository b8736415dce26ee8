package dev.sconce.export.block;

import dev.sconce.graph.Value;

/** The part of a layer that works on every position alone. */
public sealed interface FeedForward {

  /** Writes the block. */
  Value apply(Blocks blocks, Value x);

  /**
   * down(activation(gate(x)) · up(x)).
   *
   * @param gate the gate
   * @param up the way up
   * @param down the way down
   * @param activation the gate's function
   */
  record Gated(Linear gate, Linear up, Linear down, Activation activation) implements FeedForward {
    @Override
    public Value apply(Blocks blocks, Value x) {
      Value gated = activation.apply(blocks.author(), gate.apply(blocks, x));
      return down.apply(blocks, blocks.author().mul(gated, up.apply(blocks, x)));
    }
  }

  /**
   * down(activation(up(x))).
   *
   * @param up the way up
   * @param down the way down
   * @param activation the function between
   */
  record Sequential(Linear up, Linear down, Activation activation) implements FeedForward {
    @Override
    public Value apply(Blocks blocks, Value x) {
      return down.apply(blocks, activation.apply(blocks.author(), up.apply(blocks, x)));
    }
  }
}
