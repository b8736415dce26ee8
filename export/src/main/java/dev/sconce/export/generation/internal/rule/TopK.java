package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Symbol;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * Keeps the k most likely tokens, and all that tie with the last of them.
 *
 * <pre>
 * if no others tie:  scores = banned, with the top k scattered into it
 * else               scores = banned where below the k-th
 * </pre>
 *
 * <p>The first is several times cheaper: one selection over the whole vocabulary costs more than
 * the search for the top.
 */
public record TopK() implements ScoreRule {

  @Override
  public String name() {
    return "top_k";
  }

  @Override
  public Value active(RuleContext context) {
    return Conditions.positive(context, EmbeddedSetting.TOP_K);
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    Author a = context.author();
    ScoreMath math = context.math();
    int all = context.vocabulary();
    Symbol symbol = a.builder().freshSymbol("top_k_kept", 1, all);
    Value wanted =
        a.number(
            "sym_max",
            Operand.of(context.settings().count(EmbeddedSetting.TOP_K)),
            Operand.of(Math.min(context.kept(), all)));
    Value k = a.number("sym_min", symbol, Operand.of(wanted), Operand.of(all));
    ScoreMath.Top top = math.top(scores, Operand.of(k), Dim.of(symbol), true);
    Value least = math.last(top.values());
    Value atLeast = math.count(a.compare("ge", scores, least));
    Value none = math.compare("eq", atLeast, k);
    return a.builder()
        .branch(
            none,
            () ->
                List.of(
                    Operand.of(math.scatter(math.bannedLike(scores), top.places(), top.values()))),
            () -> List.of(Operand.of(math.ban(scores, a.compare("lt", scores, least)))))
        .getFirst();
  }
}
