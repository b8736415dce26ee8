package dev.sconce.format.pte;

/**
 * An operator by name, such as {@code aten::add} with overload {@code out}.
 *
 * @param name namespace and name
 * @param overload the overload; empty if the operator has only one
 */
public record OperatorRef(String name, String overload) {

  /** Returns name and overload with a dot between, or the name alone if there is no overload. */
  public String fullName() {
    return overload.isEmpty() ? name : name + "." + overload;
  }
}
