package dev.sconce.ops;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The rules of all operators that return tensors, by full name; immutable. */
public final class ResultRules {

  private static final ResultRules STANDARD = new ResultRules();

  private final Map<String, ResultRule> rules = new HashMap<>();

  private ResultRules() {
    ElementwiseRules.addTo(this::add);
    ReductionRules.addTo(this::add);
    RearrangementRules.addTo(this::add);
    IndexingRules.addTo(this::add);
    CreationRules.addTo(this::add);
    LinearAlgebraRules.addTo(this::add);
    ImageRules.addTo(this::add);
    NormalizationRules.addTo(this::add);
    QuantizationRules.addTo(this::add);
    LanguageModelRules.addTo(this::add);
  }

  /** Where a family lists its rules. */
  @FunctionalInterface
  interface Table {
    void add(String fullName, ResultRule rule);
  }

  private void add(String fullName, ResultRule rule) {
    if (rules.putIfAbsent(fullName, rule) != null) {
      throw new IllegalStateException("two rules for " + fullName);
    }
  }

  /** Returns the rules of the standard catalogue. */
  public static ResultRules standard() {
    return STANDARD;
  }

  /** Returns the rule of an operator. */
  public Optional<ResultRule> find(String fullName) {
    return Optional.ofNullable(rules.get(fullName));
  }

  /** Returns the full names of all operators with a rule, sorted. */
  public Set<String> names() {
    return Collections.unmodifiableSet(new TreeSet<>(rules.keySet()));
  }
}
