package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/** Conditions under which rules are active. */
final class Conditions {

  private Conditions() {}

  /** Returns true: rules that are baked in have no setting. */
  static Value always(RuleContext context) {
    return context.author().number("eq", Operand.of(0), Operand.of(0));
  }

  /** Returns whether a setting is not neutral. */
  static Value differs(RuleContext context, EmbeddedSetting setting) {
    Author a = context.author();
    Value equal =
        a.number(
            "eq", Operand.of(context.settings().number(setting)), Operand.of(setting.neutral()));
    return a.number("sym_not", Operand.of(equal));
  }

  /** Returns whether a setting is above 0. */
  static Value positive(RuleContext context, EmbeddedSetting setting) {
    return context
        .author()
        .number("gt", Operand.of(context.settings().number(setting)), Operand.of(0.0));
  }

  /** Returns whether a setting is below 1. */
  static Value belowOne(RuleContext context, EmbeddedSetting setting) {
    return context
        .author()
        .number("lt", Operand.of(context.settings().number(setting)), Operand.of(1.0));
  }

  /** Returns whether a setting lies between 0 and 1, both excluded: x·(1 - x) is above 0. */
  static Value fraction(RuleContext context, EmbeddedSetting setting) {
    Author a = context.author();
    Operand x = Operand.of(context.settings().number(setting));
    Value rest = a.number("sub", Operand.of(1.0), x);
    return a.number("gt", Operand.of(a.number("mul", x, Operand.of(rest))), Operand.of(0.0));
  }
}
