package dev.sconce.graph;

import dev.sconce.ops.Argument;
import dev.sconce.ops.DefaultValue;
import dev.sconce.ops.OperatorSchema;
import java.util.ArrayList;
import java.util.List;

/** Completes calls with the defaults of their schema: files spell every argument out. */
final class Defaults {

  private Defaults() {}

  static List<Operand> complete(OperatorSchema schema, List<Operand> given) {
    List<Argument> inputs = schema.arguments().stream().filter(a -> !a.isOut()).toList();
    if (given.size() > inputs.size()) {
      throw new IllegalArgumentException(
          "%s takes %d operands, found %d".formatted(schema, inputs.size(), given.size()));
    }
    List<Operand> complete = new ArrayList<>(given);
    for (Argument missing : inputs.subList(given.size(), inputs.size())) {
      complete.add(
          missing
              .defaultValue()
              .map(Defaults::operand)
              .orElseThrow(
                  () -> new IllegalArgumentException(schema + " needs '" + missing.name() + "'")));
    }
    return complete;
  }

  private static Operand operand(DefaultValue value) {
    return switch (value) {
      case DefaultValue.None _ -> Operand.none();
      case DefaultValue.Int number -> Operand.of(number.value());
      case DefaultValue.Real number -> Operand.of(number.value());
      case DefaultValue.Bool bool -> Operand.of(bool.value());
      case DefaultValue.Text text -> new Operand.StringConstant(text.value());
      case DefaultValue.Ints ints ->
          Operand.ints(ints.values().stream().mapToLong(Long::longValue).toArray());
    };
  }
}
