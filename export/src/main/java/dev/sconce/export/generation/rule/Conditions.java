package dev.sconce.export.generation.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/** Conditions under which rules are active. */
final class Conditions {

  private Conditions() {}

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

  /** Returns whether a setting lies below 1. */
  static Value belowOne(RuleContext context, EmbeddedSetting setting) {
    return context
        .author()
        .number("lt", Operand.of(context.settings().number(setting)), Operand.of(1.0));
  }
}
