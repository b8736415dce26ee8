package dev.sconce.ops;

import dev.sconce.base.DType;
import dev.sconce.base.InvalidInputException;
import java.util.List;
import java.util.Optional;

/**
 * The arguments of one call, as a rule sees them: by their position in the schema. The interpreter
 * answers from the values of a running program, the exporter from its graph, with upper bounds for
 * sizes that vary.
 *
 * <p>Accessors may throw an unchecked exception of the implementor's if a value is not of the kind
 * that the schema declares.
 */
public interface OperatorArguments {

  /** Returns the schema of the operator that is called. */
  OperatorSchema schema();

  /** Returns whether an optional argument is absent. */
  boolean isAbsent(int position);

  /** Returns a tensor. */
  TensorSpec tensor(int position);

  /** Returns the tensors of a list; those that are absent are empty. */
  List<Optional<TensorSpec>> tensors(int position);

  /** Returns an integer. */
  long integer(int position);

  /** Returns a list of integers. */
  long[] integers(int position);

  /** Returns a list of doubles. */
  double[] reals(int position);

  /** Returns a truth value. */
  boolean bool(int position);

  /** Returns the value of a {@code Scalar} or {@code float} argument. */
  double real(int position);

  /** Returns the type of a {@code Scalar}: bool, int64 or float64. */
  DType scalarType(int position);

  /** Returns the element type that an argument names. */
  DType dtype(int position);

  /** Returns an exception that says what is wrong with an argument. */
  default InvalidInputException invalid(int position, String expected, String found) {
    return new InvalidInputException(
        schema().fullName(), schema().arguments().get(position).name(), expected, found);
  }

  /**
   * Returns the dimension that an argument names, counted from the front.
   *
   * @param rank the rank of the tensor meant; a tensor without dimensions accepts 0 and -1
   * @throws InvalidInputException if it is out of range
   */
  default int dimension(int position, int rank) {
    return dimension(position, integer(position), rank);
  }

  /** Returns a dimension out of a list argument, as {@link #dimension(int, int)} does. */
  default int dimension(int position, long value, int rank) {
    int bound = Math.max(rank, 1);
    if (value < -bound || value >= bound) {
      throw invalid(
          position, "a dimension between " + -bound + " and " + (bound - 1), Long.toString(value));
    }
    return (int) (value < 0 ? value + bound : value);
  }
}
