package dev.sconce.ops;

import java.util.List;

/**
 * Says what an operator returns for given arguments.
 *
 * <p>Rules compute with plain numbers. Every rule is monotonic: larger arguments never give a
 * smaller result, so that upper bounds of the arguments give an upper bound of the result. Where a
 * size depends on data ({@code nonzero}), the rule gives the largest size possible.
 *
 * <p>Where the schema leaves the element type open (conversion, creation), the caller has chosen
 * it: the rule returns the type of the out argument.
 */
@FunctionalInterface
public interface ResultRule {

  /**
   * Returns the tensors returned, one for each out argument or, if the out argument is a list, one
   * for each of its elements. For operators that change an argument in place, that argument.
   *
   * @throws dev.sconce.base.InvalidInputException if the arguments do not fit together
   */
  List<TensorSpec> results(OperatorArguments arguments);
}
