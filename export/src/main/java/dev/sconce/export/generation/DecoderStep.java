package dev.sconce.export.generation;

import dev.sconce.export.block.Blocks;
import dev.sconce.export.block.Decoder;
import dev.sconce.export.block.DecoderInput;
import dev.sconce.export.block.KvCache;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.List;

/** A decoder-only model as a step: its state are the caches of its layers. */
public final class DecoderStep implements StepGraph {

  private final Decoder decoder;
  private final Dim rows;
  private final int capacity;
  private final List<KvCache> caches = new ArrayList<>();
  private Dim used = Dim.ZERO;

  private DecoderStep(Decoder decoder, Dim rows, int capacity) {
    this.decoder = decoder;
    this.rows = rows;
    this.capacity = capacity;
  }

  /**
   * Returns the steps of a decoder.
   *
   * @param capacity how many tokens its caches hold
   */
  public static Factory of(Decoder decoder, int capacity) {
    return (_, rows) -> new DecoderStep(decoder, rows, capacity);
  }

  @Override
  public int vocabulary() {
    return decoder.head().weight().rows();
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public Value step(Blocks blocks, StepInput input) {
    DecoderInput positions =
        new DecoderInput(
            blocks,
            rows,
            input.columns(),
            input.start(),
            input.positions(),
            input.visible(),
            capacity);
    Value logits = decoder.apply(blocks, positions, input.ids(), false);
    caches.addAll(positions.caches());
    used = ((Type.IntType) input.start().type()).value().plus(input.length());
    return blocks.author().view(logits, rows, Dim.of(vocabulary()));
  }

  /** Caches are not cleared: what they hold beyond the position is not looked at. */
  @Override
  public void begin(Blocks blocks) {
    if (!rows.isFixed()) {
      for (KvCache cache : caches) {
        GenerationState.resize(blocks, cache.keys());
        GenerationState.resize(blocks, cache.values());
      }
    }
  }

  /** Moves what the caches hold by now, unless every row stays where it is. */
  @Override
  public void reorder(Blocks blocks, Value order) {
    Author a = blocks.author();
    Value stays = a.compare("eq", order, GenerationState.columns(blocks, rows));
    a.branch(stays, () -> {}, () -> move(blocks, order));
  }

  private void move(Blocks blocks, Value order) {
    for (KvCache cache : caches) {
      for (Value part : List.of(cache.keys(), cache.values())) {
        // A ring is full of what counts sooner or later.
        boolean whole = part.tensorType().dim(1).value() < capacity;
        Dim count = whole ? part.tensorType().dim(1) : used;
        Value kept = whole ? part : first(blocks, part, count);
        Value moved =
            blocks
                .builder()
                .callTyped(
                    "aten::index_select.out",
                    List.of(Operand.of(kept), Operand.of(0), Operand.of(order)),
                    kept.tensorType());
        GenerationState.resize(blocks, part);
        GenerationState.put(blocks, part, GenerationState.columns(blocks, count), moved);
      }
    }
  }

  private static Value first(Blocks blocks, Value part, Dim count) {
    List<Dim> shape = new ArrayList<>(part.tensorType().shape());
    shape.set(1, count);
    return blocks
        .builder()
        .callTyped(
            "aten::slice_copy.Tensor_out",
            List.of(
                Operand.of(part),
                Operand.of(1),
                Operand.of(0),
                blocks.author().operand(count),
                Operand.of(1)),
            new Type.TensorType(part.tensorType().dtype(), shape));
  }
}
