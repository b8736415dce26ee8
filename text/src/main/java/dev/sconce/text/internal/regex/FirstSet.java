package dev.sconce.text.internal.regex;

import dev.sconce.text.internal.unicode.CodePointRanges;

/**
 * What a match can begin with.
 *
 * @param set the possible first characters
 * @param canBeEmpty whether a match need not have a first character
 */
record FirstSet(CodePointRanges set, boolean canBeEmpty) {

  private static final FirstSet NOTHING = new FirstSet(CodePointRanges.empty(), true);

  static FirstSet of(RegexNode node) {
    return switch (node) {
      case RegexNode.Characters(CodePointRanges set) -> new FirstSet(set, false);
      case RegexNode.Concat concat -> {
        FirstSet sum = NOTHING;
        for (RegexNode part : concat.parts()) {
          FirstSet next = of(part);
          sum = new FirstSet(sum.set.union(next.set), next.canBeEmpty);
          if (!next.canBeEmpty) {
            break;
          }
        }
        yield sum;
      }
      case RegexNode.Alternation alternation -> {
        FirstSet sum = new FirstSet(CodePointRanges.empty(), false);
        for (RegexNode part : alternation.alternatives()) {
          FirstSet next = of(part);
          sum = new FirstSet(sum.set.union(next.set), sum.canBeEmpty || next.canBeEmpty);
        }
        yield sum;
      }
      case RegexNode.Repeat repeat -> {
        FirstSet body = of(repeat.body());
        yield new FirstSet(body.set, body.canBeEmpty || repeat.min() == 0);
      }
      case RegexNode.Atomic atomic -> of(atomic.body());
      case RegexNode.Capture capture -> of(capture.body());
      case RegexNode.LookAhead _, RegexNode.LookBehind _, RegexNode.Assertion _ -> NOTHING;
      case RegexNode.BackReference _ ->
          new FirstSet(CodePointRanges.range(0, Character.MAX_CODE_POINT), true);
    };
  }
}
