package dev.sconce.text.internal.jinja.python;

import java.math.BigInteger;
import java.util.AbstractList;
import java.util.List;

/**
 * A range of integers.
 *
 * @param start the first number
 * @param stop the bound that is not reached
 * @param step the distance, not zero
 * @param size how many numbers there are
 */
public record PyRange(BigInteger start, BigInteger stop, BigInteger step, int size)
    implements PyValue {

  /** Returns the numbers as a list that computes them. */
  public List<PyValue> elements() {
    return new AbstractList<>() {
      @Override
      public PyValue get(int index) {
        return new PyInt(start.add(step.multiply(BigInteger.valueOf(index))));
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  @Override
  public String typeName() {
    return "range";
  }
}
