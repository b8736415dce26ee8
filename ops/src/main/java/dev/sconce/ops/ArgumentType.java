package dev.sconce.ops;

/**
 * The type of an argument or a result.
 *
 * @param kind what one value is
 * @param symbolic whether an integer may depend on the sizes of inputs ({@code SymInt})
 * @param list whether it is a list of such values
 * @param length the length a list must have, or 0 if any will do
 * @param optionalElements whether elements of the list may be absent
 * @param optional whether the value as a whole may be absent
 */
public record ArgumentType(
    Kind kind,
    boolean symbolic,
    boolean list,
    int length,
    boolean optionalElements,
    boolean optional) {

  /** What one value is. */
  public enum Kind {
    /** A tensor. */
    TENSOR("Tensor"),
    /** A 64-bit integer. */
    INT("int"),
    /** A double. */
    FLOAT("float"),
    /** A truth value. */
    BOOL("bool"),
    /** A number that keeps its type: integer, double or truth value. */
    SCALAR("Scalar"),
    /** The code of an element type. */
    SCALAR_TYPE("ScalarType"),
    /** The code of a memory format. */
    MEMORY_FORMAT("MemoryFormat"),
    /** A string. */
    STRING("str");

    private final String schemaName;

    Kind(String schemaName) {
      this.schemaName = schemaName;
    }

    /** Returns the name in schemas. */
    public String schemaName() {
      return schemaName;
    }
  }

  /** Returns whether this is a tensor or a list of tensors. */
  public boolean isTensor() {
    return kind == Kind.TENSOR;
  }

  @Override
  public String toString() {
    return withAlias("");
  }

  String withAlias(String alias) {
    String base = (symbolic ? "SymInt" : kind.schemaName()) + alias;
    if (list) {
      base += (optionalElements ? "?" : "") + "[" + (length == 0 ? "" : length) + "]";
    }
    return optional ? base + "?" : base;
  }
}
