package dev.sconce.ops;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The rules of all operators that return tensors, by full name. Threads may share it. */
public final class ResultRules {

  // Those of most programs first.
  private static final List<Consumer<Table>> FAMILIES =
      List.of(
          ElementwiseRules::addTo,
          RearrangementRules::addTo,
          QuantizationRules::addTo,
          LanguageModelRules::addTo,
          CreationRules::addTo,
          ReductionRules::addTo,
          IndexingRules::addTo,
          LinearAlgebraRules::addTo,
          NormalizationRules::addTo,
          ImageRules::addTo);

  private static final ResultRules STANDARD = new ResultRules();

  private final Map<String, ResultRule> rules = new HashMap<>();
  private int families;

  private ResultRules() {}

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
  public synchronized Optional<ResultRule> find(String fullName) {
    // A program needs a few families, and each costs a millisecond or two in a cold JVM.
    while (!rules.containsKey(fullName) && families < FAMILIES.size()) {
      addFamily();
    }
    return Optional.ofNullable(rules.get(fullName));
  }

  private void addFamily() {
    FAMILIES.get(families++).accept(this::add);
  }

  /** Returns the full names of all operators with a rule, sorted. */
  public synchronized Set<String> names() {
    while (families < FAMILIES.size()) {
      addFamily();
    }
    return Collections.unmodifiableSet(new TreeSet<>(rules.keySet()));
  }
}
