package dev.sconce.graph;

/**
 * A value of a graph: the result of a node, an input, a parameter, a buffer or a variable.
 *
 * <p>Values are compared by identity. A {@link Kind#RESULT} is defined once, by its node; buffers
 * and variables are cells that nodes write.
 */
public final class Value {

  /** Where a value comes from. */
  public enum Kind {
    /** An input of the method. */
    INPUT,
    /** A constant whose data are in the file. */
    PARAMETER,
    /** A tensor that keeps its contents from call to call. */
    BUFFER,
    /** A number that {@link Node.Assign} sets. */
    VARIABLE,
    /** What a node computes. */
    RESULT
  }

  private final String name;
  private final Kind kind;
  private final Type type;

  Value(String name, Kind kind, Type type) {
    this.name = name;
    this.kind = kind;
    this.type = type;
  }

  /** Returns the name, without the percent sign of the text form; unique within a graph. */
  public String name() {
    return name;
  }

  /** Returns where the value comes from. */
  public Kind kind() {
    return kind;
  }

  /** Returns the type. */
  public Type type() {
    return type;
  }

  /**
   * Returns the type of a tensor value.
   *
   * @throws IllegalStateException if the value is no tensor
   */
  public Type.TensorType tensorType() {
    if (type instanceof Type.TensorType tensor) {
      return tensor;
    }
    throw new IllegalStateException("expected %" + name + " to be a tensor, found " + type);
  }

  @Override
  public String toString() {
    return "%" + name;
  }
}
