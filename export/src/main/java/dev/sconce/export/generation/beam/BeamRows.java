package dev.sconce.export.generation.beam;

import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Symbol;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * How many rows there are: one a prompt while the prompts are read, then one a beam.
 *
 * <p>Rows of a prompt are neighbours. All tensors have sizes in these terms; the numbers behind
 * them are derived anew after {@link #set}.
 */
final class BeamRows {

  private final Author author;
  private final Dim prompts;
  private final Symbol eachSymbol;
  private final Symbol placesSymbol;
  private final Value now;
  private @Nullable Value places;

  /**
   * Declares the sizes.
   *
   * @param batch how many prompts there may be
   * @param beams how many rows a prompt may have
   * @param endTokens how many end tokens there may be
   */
  BeamRows(BeamMath math, int batch, int beams, int endTokens) {
    this.author = math.author();
    GraphBuilder builder = math.builder();
    this.prompts = batch > 1 ? Dim.of(builder.symbol("B", 1, batch)) : Dim.ONE;
    this.eachSymbol = builder.symbol("K", 1, beams);
    this.placesSymbol = builder.symbol("places", 2, Math.max(2, 1 + endTokens));
    this.now = builder.variable("beam.rows", new Type.IntType(Dim.of(eachSymbol)));
  }

  /** Returns the number of prompts. */
  Dim prompts() {
    return prompts;
  }

  /** Returns the number of rows of each prompt. */
  Dim each() {
    return Dim.of(eachSymbol);
  }

  /** Returns the number of rows. */
  Dim all() {
    return prompts.times(each());
  }

  /** Returns the number of candidates of each prompt: so many that enough go on if others end. */
  Dim candidates() {
    return Dim.of(placesSymbol).times(each());
  }

  /** Writes how many end tokens there are, which decides how many candidates are looked at. */
  void setEndTokens(Value count) {
    Value one = author.number("add", Operand.of(count), Operand.of(1));
    places = author.number("sym_max", placesSymbol, Operand.of(one), Operand.of(2));
  }

  /** Writes how many rows each prompt has from now on. */
  void set(Operand each) {
    author.builder().assign(now, each);
  }

  /** Writes the derivation of sizes from what was set last; returns the rows of each prompt. */
  Value derive() {
    Value each = author.snapshot(now, eachSymbol);
    if (!prompts.isFixed()) {
      author.known(author.number("mul", author.operand(prompts), Operand.of(each)));
    }
    Value known = places;
    if (known != null) {
      author.known(author.number("mul", Operand.of(known), Operand.of(each)));
    }
    return each;
  }
}
