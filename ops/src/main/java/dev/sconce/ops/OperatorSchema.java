package dev.sconce.ops;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The schema of one operator.
 *
 * @param name the name with its namespace, for example {@code aten::add}
 * @param overload the overload, for example {@code out}; may be empty
 * @param arguments the arguments in the order of a call
 * @param results what the operator returns
 */
public record OperatorSchema(
    String name, String overload, List<Argument> arguments, List<Result> results) {

  /** Copies the lists. */
  public OperatorSchema {
    arguments = List.copyOf(arguments);
    results = List.copyOf(results);
  }

  /**
   * Reads a schema in PyTorch's notation.
   *
   * @throws dev.sconce.base.MalformedFileException if the text is not a schema
   */
  public static OperatorSchema parse(String text) {
    return new SchemaParser("schema", 0, text).schema();
  }

  /** Returns the name by which programs call it: {@code aten::add.out}, {@code aten::copy_}. */
  public String fullName() {
    return overload.isEmpty() ? name : name + "." + overload;
  }

  /** Returns the position of an argument, or -1 if there is none of this name. */
  public int indexOf(String argument) {
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).name().equals(argument)) {
        return i;
      }
    }
    return -1;
  }

  /** Returns the out arguments. */
  public List<Argument> outs() {
    return arguments.stream().filter(Argument::isOut).toList();
  }

  /**
   * Returns how many values a kernel call passes: every argument, then one for what is returned. A
   * list of outs is passed again although its operator returns nothing.
   */
  public int callLength() {
    boolean outList = false;
    for (Argument argument : arguments) {
      outList |= argument.isOut() && argument.type().list();
    }
    return arguments.size() + (results.isEmpty() && !outList ? 0 : 1);
  }

  /** Returns the schema in PyTorch's notation; parsing it gives an equal schema. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(fullName()).append('(');
    boolean keywordOnly = false;
    for (int i = 0; i < arguments.size(); i++) {
      Argument argument = arguments.get(i);
      text.append(i == 0 ? "" : ", ");
      if (argument.keywordOnly() && !keywordOnly) {
        keywordOnly = true;
        text.append("*, ");
      }
      text.append(argument);
    }
    text.append(") -> ");
    if (results.size() == 1) {
      return text.append(results.getFirst()).toString();
    }
    return text.append(
            results.stream().map(Result::toString).collect(Collectors.joining(", ", "(", ")")))
        .toString();
  }
}
