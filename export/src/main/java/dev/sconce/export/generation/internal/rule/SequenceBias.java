package dev.sconce.export.generation.internal.rule;

import dev.sconce.base.DType;
import dev.sconce.base.ExportException;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.export.generation.Integers;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreMath;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Adds a bias to the last token of a sequence where the tokens before it stand at the end of the
 * row; negative infinity bans the sequence.
 *
 * <pre>
 * prefix[s, m]   what comes before the last token of sequence s, aligned right; -1 for anything
 * tail[m]        the end of the row, -2 where it has not begun
 * matches[s] = all over m of prefix[s, m] in (-1, tail[m])
 * scores[last[s]] += matches[s] ? bias[s] : 0
 * </pre>
 *
 * @param name the name of the list in {@code generation_config.json}
 * @param biases sequences and what is added
 * @param sparesEnd whether sequences that are an end token alone do not count
 */
public record SequenceBias(String name, Map<List<Integer>, Double> biases, boolean sparesEnd)
    implements ScoreRule {

  private static final long ANYTHING = -1;
  private static final long NOTHING = -2;

  /** Returns the rule that bans sequences; single end tokens are left alone. */
  public static SequenceBias banning(List<List<Integer>> words) {
    Map<List<Integer>, Double> biases = new java.util.LinkedHashMap<>();
    words.forEach(word -> biases.put(word, Double.NEGATIVE_INFINITY));
    return new SequenceBias("bad_words_ids", biases, true);
  }

  @Override
  public Value active(RuleContext context) {
    return Conditions.always(context);
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    Author a = context.author();
    ScoreMath math = context.math();
    List<List<Integer>> sequences = new ArrayList<>();
    float[] values = new float[biases.size()];
    long[] last = new long[biases.size()];
    biases.forEach(
        (sequence, bias) -> {
          values[sequences.size()] = bias.floatValue();
          last[sequences.size()] = inVocabulary(context, sequence.getLast());
          sequences.add(sequence);
        });
    int count = sequences.size();
    Value lastTokens = Integers.constant(context.blocks(), last, 1, count);
    Value bias =
        context
            .blocks()
            .constant(
                Weight.of(name + "." + Arrays.hashCode(values), values, 1, count), DType.FLOAT32);
    if (sparesEnd) {
      bias = sparingEnd(context, sequences, last, bias);
    }
    int longest = sequences.stream().mapToInt(List::size).max().orElse(1) - 1;
    Dim rows = context.rows();
    Value added =
        longest == 0
            ? a.expand(bias, List.of(rows, Dim.of(count)))
            : a.where(differs(context, sequences, longest), math.scalar(0, DType.FLOAT32), bias);
    Value sums =
        math.scatterAdd(
            math.full(rows, context.vocabulary(), 0, DType.FLOAT32),
            a.expand(lastTokens, List.of(rows, Dim.of(count))),
            added);
    return a.add(scores, sums);
  }

  private int inVocabulary(RuleContext context, int token) {
    if (token >= context.vocabulary()) {
      throw new ExportException(
          "generation config key '" + name + "'",
          "token " + token + " is not below " + context.vocabulary());
    }
    return token;
  }

  /** Returns the biases, 0 at sequences that are an end token alone. */
  private static Value sparingEnd(
      RuleContext context, List<List<Integer>> sequences, long[] last, Value bias) {
    Author a = context.author();
    int count = last.length;
    long[] single = new long[count];
    for (int i = 0; i < count; i++) {
      single[i] = sequences.get(i).size() == 1 ? last[i] : NOTHING;
    }
    Value singles = Integers.constant(context.blocks(), single, count, 1);
    Value isEnd = a.view(context.end().contains(context.blocks(), singles), Dim.ONE, Dim.of(count));
    return a.where(isEnd, context.math().scalar(0, DType.FLOAT32), bias);
  }

  /** Returns where a sequence's beginning is not the end of a row, {@code bool[rows, count]}. */
  private static Value differs(RuleContext context, List<List<Integer>> sequences, int longest) {
    Author a = context.author();
    int count = sequences.size();
    long[] prefixes = new long[count * longest];
    Arrays.fill(prefixes, ANYTHING);
    for (int i = 0; i < count; i++) {
      List<Integer> sequence = sequences.get(i);
      int length = sequence.size() - 1;
      for (int m = 0; m < length; m++) {
        prefixes[i * longest + longest - length + m] = sequence.get(m);
      }
    }
    Value prefix = Integers.constant(context.blocks(), prefixes, 1, count, longest);
    Value tail = a.view(tail(context, longest), context.rows(), Dim.ONE, Dim.of(longest));
    Value unequal = a.and(a.compare("ne", prefix, tail), a.compare("ne", prefix, ANYTHING));
    return a.builder()
        .callTyped(
            "aten::any.out",
            List.of(Operand.of(unequal), Operand.of(2), Operand.of(false)),
            new Type.TensorType(DType.BOOL, List.of(context.rows(), Dim.of(count))));
  }

  /** Returns the last tokens of every row, {@code int64[rows, longest]}. */
  private static Value tail(RuleContext context, int longest) {
    Author a = context.author();
    long[] distances = new long[longest];
    Arrays.setAll(distances, m -> m - longest);
    Value distance = Integers.constant(context.blocks(), distances, longest);
    List<Operand> operands =
        new ArrayList<>(List.of(Operand.of(distance), Operand.of(context.length())));
    operands.add(Operand.of(1));
    Value columns = a.builder().callTyped("aten::add.Scalar_out", operands, distance.type());
    Value zero = Integers.constant(context.blocks(), new long[] {0}, 1);
    Value there = a.where(a.compare("ge", columns, 0), columns, zero);
    Value tokens =
        a.builder()
            .callTyped(
                "aten::index_select.out",
                List.of(Operand.of(context.history()), Operand.of(1), Operand.of(there)),
                new Type.TensorType(DType.INT64, List.of(context.rows(), Dim.of(longest))));
    Value nothing = Integers.constant(context.blocks(), new long[] {NOTHING}, 1, 1);
    return a.where(a.view(a.compare("ge", columns, 0), Dim.ONE, Dim.of(longest)), tokens, nothing);
  }
}
