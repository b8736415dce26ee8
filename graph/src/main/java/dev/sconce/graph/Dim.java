package dev.sconce.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.ToLongFunction;

/**
 * A dimension or other integer: a polynomial with integer coefficients over {@link Symbol symbols},
 * for example {@code 64}, {@code S}, {@code P+S} or {@code 4*B*S}.
 *
 * <p>Polynomials have one canonical form, so that two dimensions are provably the same exactly when
 * they are {@link #equals equal}. That is enough for models: sizes are sums and products of
 * lengths.
 */
public final class Dim {

  private static final Comparator<List<Symbol>> ORDER =
      Comparator.<List<Symbol>>comparingInt(List::size).reversed().thenComparing(Object::toString);

  /** Zero. */
  public static final Dim ZERO = of(0);

  /** One. */
  public static final Dim ONE = of(1);

  // Monomials in a fixed order: by degree, then by names. The empty monomial is the constant.
  private final Map<List<Symbol>, Long> terms;

  private Dim(Map<List<Symbol>, Long> terms) {
    List<List<Symbol>> monomials = new ArrayList<>(terms.size());
    terms.forEach(
        (monomial, coefficient) -> {
          if (coefficient != 0) {
            monomials.add(monomial);
          }
        });
    // Nearly all have one term, and a graph has many thousands of them.
    if (monomials.size() > 1) {
      monomials.sort(ORDER);
    }
    this.terms = LinkedHashMap.newLinkedHashMap(monomials.size());
    monomials.forEach(monomial -> this.terms.put(monomial, terms.get(monomial)));
  }

  /** Returns a fixed dimension. */
  public static Dim of(long value) {
    return new Dim(Map.of(List.of(), value));
  }

  /** Returns the dimension that a symbol stands for; a number if it can take one value only. */
  public static Dim of(Symbol symbol) {
    if (symbol.min() == symbol.max()) {
      return of(symbol.min());
    }
    return new Dim(Map.of(List.of(symbol), 1L));
  }

  /** Returns whether no symbol occurs. */
  public boolean isFixed() {
    return terms.isEmpty() || (terms.size() == 1 && terms.containsKey(List.of()));
  }

  /**
   * Returns the value of a fixed dimension.
   *
   * @throws IllegalStateException if a symbol occurs
   */
  public long value() {
    if (!isFixed()) {
      throw new IllegalStateException("expected a fixed dimension, found " + this);
    }
    return terms.getOrDefault(List.of(), 0L);
  }

  /** Returns the sum of two dimensions. */
  public Dim plus(Dim other) {
    Map<List<Symbol>, Long> sum = new HashMap<>(terms);
    other.terms.forEach((monomial, c) -> sum.merge(monomial, c, Math::addExact));
    return new Dim(sum);
  }

  /** Returns the difference of two dimensions. */
  public Dim minus(Dim other) {
    return plus(other.times(of(-1)));
  }

  /** Returns the product of two dimensions. */
  public Dim times(Dim other) {
    Map<List<Symbol>, Long> product = new HashMap<>();
    terms.forEach(
        (a, x) ->
            other.terms.forEach(
                (b, y) -> product.merge(multiply(a, b), Math.multiplyExact(x, y), Math::addExact)));
    return new Dim(product);
  }

  /** Returns the quotient by a number that divides every coefficient; empty if one does not. */
  public Optional<Dim> dividedBy(long divisor) {
    Map<List<Symbol>, Long> quotient = new HashMap<>();
    for (Map.Entry<List<Symbol>, Long> term : terms.entrySet()) {
      if (term.getValue() % divisor != 0) {
        return Optional.empty();
      }
      quotient.put(term.getKey(), term.getValue() / divisor);
    }
    return Optional.of(new Dim(quotient));
  }

  private static List<Symbol> multiply(List<Symbol> a, List<Symbol> b) {
    List<Symbol> product = new ArrayList<>(a);
    product.addAll(b);
    product.sort(Comparator.comparing(Symbol::name));
    return List.copyOf(product);
  }

  /** Returns the value under an assignment of the symbols. */
  public long evaluate(ToLongFunction<Symbol> assignment) {
    long sum = 0;
    for (Map.Entry<List<Symbol>, Long> term : terms.entrySet()) {
      long product = term.getValue();
      for (Symbol symbol : term.getKey()) {
        product = Math.multiplyExact(product, assignment.applyAsLong(symbol));
      }
      sum = Math.addExact(sum, product);
    }
    return sum;
  }

  /**
   * Returns an upper bound over all values of the symbols; it is reached where every symbol occurs
   * with one sign only.
   */
  public long max() {
    return bound(true);
  }

  /** Returns a lower bound over all values of the symbols. */
  public long min() {
    return bound(false);
  }

  private long bound(boolean upper) {
    long sum = 0;
    for (Map.Entry<List<Symbol>, Long> term : terms.entrySet()) {
      boolean largest = upper == term.getValue() > 0;
      long product = term.getValue();
      for (Symbol symbol : term.getKey()) {
        product = Math.multiplyExact(product, largest ? symbol.max() : symbol.min());
      }
      sum = Math.addExact(sum, product);
    }
    return sum;
  }

  /** Returns the terms whose sum this is; none for zero. */
  List<Dim> terms() {
    List<Dim> parts = new ArrayList<>();
    terms.forEach((monomial, coefficient) -> parts.add(new Dim(Map.of(monomial, coefficient))));
    return parts;
  }

  /** Returns symbols and, unless it is 1, a number, whose product this term is. */
  List<Dim> factors() {
    List<Dim> parts = new ArrayList<>();
    terms.forEach(
        (monomial, coefficient) -> {
          monomial.forEach(symbol -> parts.add(of(symbol)));
          if (coefficient != 1 || monomial.isEmpty()) {
            parts.add(of(coefficient));
          }
        });
    return parts;
  }

  /** Returns the symbols that occur. */
  public SequencedSet<Symbol> symbols() {
    SequencedSet<Symbol> symbols = new LinkedHashSet<>();
    terms.keySet().forEach(symbols::addAll);
    return symbols;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Dim dim && terms.equals(dim.terms);
  }

  @Override
  public int hashCode() {
    return terms.hashCode();
  }

  /** Returns the polynomial as text, such as {@code 2*B*S+1}. */
  @Override
  public String toString() {
    if (terms.isEmpty()) {
      return "0";
    }
    StringBuilder text = new StringBuilder();
    terms.forEach(
        (monomial, coefficient) -> {
          if (coefficient >= 0 && !text.isEmpty()) {
            text.append('+');
          }
          if (monomial.isEmpty()) {
            text.append(coefficient);
            return;
          }
          if (coefficient == -1) {
            text.append('-');
          } else if (coefficient != 1) {
            text.append(coefficient).append('*');
          }
          for (int i = 0; i < monomial.size(); i++) {
            text.append(i == 0 ? "" : "*").append(monomial.get(i).name());
          }
        });
    return text.toString();
  }
}
