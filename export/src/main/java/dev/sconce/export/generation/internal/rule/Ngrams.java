package dev.sconce.export.generation.internal.rule;

import dev.sconce.base.DType;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Symbol;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * Looks for n-grams of a text that the next token would complete, and bans the tokens that do.
 *
 * <pre>
 * places j = n - 1 … of the text:  differs[j] = any over m of text[j - m] ≠ row[length - m],  0 &lt; m &lt; n
 * banned: text[j] where not differs[j]
 * </pre>
 *
 * <p>The loop over m keeps memory at one flag a place, whatever n is.
 */
final class Ngrams {

  private Ngrams() {}

  /**
   * Returns whether a text is long enough, and the row too, which needs n - 1 tokens.
   *
   * @param size the n, a number of the program
   * @param textLength the length of the text
   */
  static Value active(RuleContext context, Value size, Value textLength) {
    Author a = context.author();
    // All three are positive exactly if their minimum is.
    Value places = a.number("sub", Operand.of(a.sum(textLength, Operand.of(1))), Operand.of(size));
    Value tokens =
        a.number("sub", Operand.of(a.sum(context.length(), Operand.of(2))), Operand.of(size));
    Value least =
        a.number(
            "sym_min",
            Operand.of(size),
            Operand.of(a.number("sym_min", Operand.of(places), Operand.of(tokens))));
    return a.number("gt", Operand.of(least), Operand.of(0));
  }

  static Value ban(
      RuleContext context, Value scores, Value text, Value textLength, Value size, String name) {
    Author a = context.author();
    GraphBuilder builder = a.builder();
    ScoreMath math = context.math();
    long longest = textLength.type() instanceof Type.IntType(Dim dim) ? dim.max() : 1;
    Symbol symbol = builder.freshSymbol(name + "_places", 1, Math.max(1, longest));
    Value before = a.number("sub", Operand.of(size), Operand.of(1));
    a.number("sub", symbol, Operand.of(textLength), Operand.of(before));
    Dim places = Dim.of(symbol);
    Type.TensorType flags = new Type.TensorType(DType.BOOL, List.of(context.rows(), places));
    Value differs = builder.buffer(name + ".differs", flags);
    builder.callInto(
        differs,
        "aten::full.out",
        new Operand.ListOf(List.of(a.operand(context.rows()), a.operand(places))),
        Operand.of(false));
    a.when(
        a.number("gt", Operand.of(size), Operand.of(1)),
        () -> compare(context, text, size, differs, places, name));
    Value next = slice(context, text, before, places);
    Value counts =
        math.scatterAdd(
            math.full(context.rows(), context.vocabulary(), 0, DType.FLOAT32),
            next,
            a.to(a.unary("logical_not", differs), DType.FLOAT32));
    return math.ban(scores, math.compare("gt", counts, 0));
  }

  /** Writes the comparison of all places with the end of the row, token by token. */
  private static void compare(
      RuleContext context, Value text, Value size, Value differs, Dim places, String name) {
    Author a = context.author();
    GraphBuilder builder = a.builder();
    Value distance =
        builder.variable(
            name + ".distance",
            new Type.IntType(Dim.of(builder.freshSymbol(name + "_distance", 1, 1L << 31))));
    builder.assign(distance, Operand.of(1));
    a.loop(
        () -> {
          Value back = a.number("sub", Operand.of(size), Operand.of(distance));
          Value start = a.number("sub", Operand.of(back), Operand.of(1));
          Value there = slice(context, text, start, places);
          Value at = a.number("sub", Operand.of(context.length()), Operand.of(distance));
          Value here = slice(context, context.history(), at, Dim.ONE);
          builder.callInto(
              differs,
              "aten::logical_or.out",
              Operand.of(differs),
              Operand.of(a.compare("ne", there, here)));
          builder.assign(
              distance, Operand.of(a.number("add", Operand.of(distance), Operand.of(1))));
          return a.number("ge", Operand.of(distance), Operand.of(size));
        });
  }

  /** Returns some tokens of every row: {@code int64[rows, count]}. */
  private static Value slice(RuleContext context, Value text, Value start, Dim count) {
    Author a = context.author();
    Value end = a.number("add", Operand.of(start), a.operand(count));
    return a.builder()
        .callTyped(
            "aten::slice_copy.Tensor_out",
            List.of(
                Operand.of(text), Operand.of(1), Operand.of(start), Operand.of(end), Operand.of(1)),
            new Type.TensorType(DType.INT64, List.of(context.rows(), count)));
  }
}
