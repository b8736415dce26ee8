package dev.sconce.graph;

import dev.sconce.base.InvalidInputException;
import dev.sconce.ops.OperatorSchema;
import dev.sconce.ops.ResultRule;
import dev.sconce.ops.ResultRules;
import dev.sconce.ops.TensorSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Infers symbolic types from the rules of {@code ops}, which know plain numbers only.
 *
 * <p>A rule is asked at two values of every symbol; the sizes it gives determine one polynomial
 * that is linear in each symbol, and one more question checks it. So one set of rules serves
 * interpreter and exporter. A size that is no such polynomial (the length of a strided convolution,
 * say) is an error: make the dimension fixed there.
 */
public final class ProbingInference implements TypeInference {

  // Distinct, and small enough to stay inside the bounds of caches and tables that they index.
  private static final int[] PROBES = {3, 5, 7, 2, 4, 6, 9, 11, 13};

  private static final int QUESTIONS = 3;

  private final ResultRules rules = ResultRules.standard();

  /** Creates an inference over the standard rules. */
  public ProbingInference() {}

  @Override
  public List<Type> infer(OperatorSchema operator, List<Operand> operands, SymbolSource fresh) {
    return NumberRules.infer(operator, operands, fresh)
        .map(List::of)
        .orElseGet(() -> tensors(operator, operands));
  }

  private List<Type> tensors(OperatorSchema operator, List<Operand> operands) {
    if (operator.outs().isEmpty()) {
      return List.of();
    }
    ResultRule rule =
        rules
            .find(operator.fullName())
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "type inference", "operator", "one with a rule", operator.fullName()));
    List<Symbol> symbols = List.copyOf(symbolsOf(operands));
    Probe probe = new Probe(operator, operands, rule, symbols);
    return probe.types();
  }

  private static Set<Symbol> symbolsOf(List<Operand> operands) {
    Set<Symbol> symbols = new LinkedHashSet<>();
    for (Operand operand : operands) {
      operand.forEachValue(value -> symbols.addAll(symbolsOf(value.type())));
    }
    return symbols;
  }

  private static Set<Symbol> symbolsOf(Type type) {
    Set<Symbol> symbols = new LinkedHashSet<>();
    switch (type) {
      case Type.TensorType tensor -> tensor.shape().forEach(d -> symbols.addAll(d.symbols()));
      case Type.TensorListType list -> list.elements().forEach(e -> symbols.addAll(symbolsOf(e)));
      case Type.IntType(Dim value) -> symbols.addAll(value.symbols());
      case Type.DoubleType _, Type.BoolType _ -> {}
    }
    return symbols;
  }

  /** The questions about one call. */
  private static final class Probe {
    private final OperatorSchema operator;
    private final List<Operand> operands;
    private final ResultRule rule;
    private final List<Symbol> symbols;
    private final Map<Symbol, Long> assignment = new HashMap<>();

    Probe(OperatorSchema operator, List<Operand> operands, ResultRule rule, List<Symbol> symbols) {
      this.operator = operator;
      this.operands = operands;
      this.rule = rule;
      this.symbols = symbols;
    }

    List<Type> types() {
      List<List<Dim>> shapes = interpolate(0);
      check(shapes);
      List<TensorSpec> specs = ask();
      List<Type> tensors = new ArrayList<>();
      for (int i = 0; i < specs.size(); i++) {
        tensors.add(new Type.TensorType(specs.get(i).dtype(), shapes.get(i)));
      }
      boolean list = operator.outs().getFirst().type().list();
      return list
          ? List.of(
              new Type.TensorListType(tensors.stream().map(t -> (Type.TensorType) t).toList()))
          : tensors;
    }

    /** Returns the result shapes as polynomials in the symbols from the given index on. */
    private List<List<Dim>> interpolate(int index) {
      if (index == symbols.size()) {
        return ask().stream().map(Probe::dims).toList();
      }
      Symbol symbol = symbols.get(index);
      long low = probe(symbol, index, 0);
      long high = probe(symbol, index, 1);
      assignment.put(symbol, low);
      List<List<Dim>> atLow = interpolate(index + 1);
      if (low == high) {
        return atLow;
      }
      assignment.put(symbol, high);
      List<List<Dim>> atHigh = interpolate(index + 1);
      Dim offset = Dim.of(symbol).minus(Dim.of(low));
      List<List<Dim>> shapes = new ArrayList<>();
      for (int r = 0; r < atLow.size(); r++) {
        List<Dim> shape = new ArrayList<>();
        for (int d = 0; d < atLow.get(r).size(); d++) {
          Dim difference = atHigh.get(r).get(d).minus(atLow.get(r).get(d));
          Dim slope =
              difference
                  .dividedBy(high - low)
                  .orElseThrow(() -> notPolynomial("dependence on " + symbol));
          shape.add(atLow.get(r).get(d).plus(slope.times(offset)));
        }
        shapes.add(shape);
      }
      return shapes;
    }

    private void check(List<List<Dim>> shapes) {
      for (int i = 0; i < symbols.size(); i++) {
        assignment.put(symbols.get(i), probe(symbols.get(i), i, 2));
      }
      List<TensorSpec> specs = ask();
      for (int r = 0; r < specs.size(); r++) {
        for (int d = 0; d < specs.get(r).shape().rank(); d++) {
          if (shapes.get(r).get(d).evaluate(assignment::get) != specs.get(r).shape().size(d)) {
            throw notPolynomial("dimension " + d);
          }
        }
      }
    }

    /** Returns the value of a symbol in one of three questions; all different if it can be. */
    private static long probe(Symbol symbol, int index, int question) {
      Set<Long> values = new LinkedHashSet<>();
      for (int i = 0; i < QUESTIONS; i++) {
        long value = PROBES[(index + QUESTIONS * i) % PROBES.length];
        if (value >= symbol.min() && value <= symbol.max()) {
          values.add(value);
        }
      }
      // Narrow bounds: what there is, the largest value first.
      for (long value = symbol.max(); values.size() < QUESTIONS && value >= symbol.min(); value--) {
        values.add(value);
      }
      List<Long> all = List.copyOf(values);
      return all.get(Math.min(question, all.size() - 1));
    }

    private List<TensorSpec> ask() {
      return rule.results(new OperandView(operator, operands, assignment::get));
    }

    private static List<Dim> dims(TensorSpec spec) {
      List<Dim> dims = new ArrayList<>();
      for (long size : spec.shape().toArray()) {
        dims.add(Dim.of(size));
      }
      return dims;
    }

    private InvalidInputException notPolynomial(String what) {
      return new InvalidInputException(
          operator.fullName(),
          "result shape",
          "sizes that are linear in each of " + symbols,
          "another " + what + " with operands " + operands);
    }
  }
}
