package dev.sconce.ops;

/**
 * The alias annotation of an argument or a result, such as {@code (a!)}.
 *
 * @param set the alias set: values that share it may share memory
 * @param written whether the operator writes through this argument
 */
public record Alias(String set, boolean written) {

  @Override
  public String toString() {
    return "(" + set + (written ? "!" : "") + ")";
  }
}
