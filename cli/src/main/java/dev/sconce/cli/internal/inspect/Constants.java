package dev.sconce.cli.internal.inspect;

import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Column;
import dev.sconce.cli.internal.report.Section;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.Instruction;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.DataSource;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A table of a program's constant tensors and initial values, the largest first. */
final class Constants {

  private record Key(DataSource source, int index, String name) {}

  private static final class Constant {
    final TensorValue tensor;
    final TreeSet<String> methods = new TreeSet<>();
    String use = "";

    Constant(TensorValue tensor) {
      this.tensor = tensor;
    }
  }

  private final Map<Key, Constant> constants = new HashMap<>();

  private Constants() {}

  static Rows rows(PteFile file, List<Calls> methods, List<ExecutionPlan> getters) {
    Constants constants = new Constants();
    for (Calls method : methods) {
      constants.add(method);
    }
    for (ExecutionPlan getter : getters) {
      for (PteValue value : getter.values()) {
        constants.add(getter, value);
      }
    }
    return constants.rows(file);
  }

  private void add(Calls method) {
    ExecutionPlan plan = method.plan();
    Map<Integer, Constant> byValue = new TreeMap<>();
    for (int i = 0; i < plan.values().size(); i++) {
      Constant constant = add(plan, plan.values().get(i));
      if (constant != null) {
        byValue.put(i, constant);
      }
    }
    if (byValue.isEmpty()) {
      return;
    }
    for (Chain chain : plan.chains()) {
      for (Instruction instruction : chain.instructions()) {
        for (CallArgument argument : method.arguments(instruction)) {
          Constant constant = byValue.get(argument.value());
          if (constant != null && constant.use.isEmpty()) {
            constant.use = (method.callee(instruction) + " " + argument.name()).strip();
          }
        }
      }
    }
  }

  private @Nullable Constant add(ExecutionPlan plan, PteValue value) {
    if (!(value instanceof TensorValue tensor)) {
      return null;
    }
    if (source(tensor).isEmpty()) {
      return null;
    }
    String name = Values.name(tensor);
    Key key =
        isExternal(tensor)
            ? new Key(tensor.dataSource(), 0, name)
            : new Key(tensor.dataSource(), tensor.dataBufferIndex(), "");
    Constant constant = constants.computeIfAbsent(key, _ -> new Constant(tensor));
    constant.methods.add(plan.name());
    return constant;
  }

  private static boolean isExternal(TensorValue tensor) {
    return tensor.dataSource() == DataSource.EXTERNAL
        || tensor.dataSource() == DataSource.PLANNED_FROM_EXTERNAL;
  }

  private Rows rows(PteFile file) {
    Section.Builder rows =
        Rows.of(
            "constants",
            "constants",
            Column.of("index", ">#"),
            Column.of("source", "from"),
            Column.of("bytes", ">size"),
            Column.text("type"),
            Column.json("dtype"),
            Column.json("sizes"),
            Column.of("use", "first use"),
            Column.of("name", "name"),
            Column.of("methods", file.program().plans().size() > 1 ? "methods" : ""));
    List<Map.Entry<Key, Constant>> sorted = new ArrayList<>(constants.entrySet());
    sorted.sort(
        Comparator.comparingLong(
                (Map.Entry<Key, Constant> entry) -> -entry.getValue().tensor.byteSize())
            .thenComparing(entry -> entry.getKey().source())
            .thenComparingInt(entry -> entry.getKey().index())
            .thenComparing(entry -> entry.getKey().name()));
    for (Map.Entry<Key, Constant> entry : sorted) {
      TensorValue tensor = entry.getValue().tensor;
      rows.row(
          Cell.of(tensor.dataBufferIndex()),
          Cell.of(source(tensor)),
          Cell.bytes(tensor.byteSize()),
          Cell.of(Values.type(tensor)),
          Cell.of(tensor.dtype().torchName()),
          Cell.numbers(tensor.sizes()),
          Cell.of(entry.getValue().use),
          Cell.of(Values.name(tensor)),
          Cell.texts(List.copyOf(entry.getValue().methods)));
    }
    return rows.build();
  }

  private static String source(TensorValue tensor) {
    return switch (tensor.dataSource()) {
      case CONSTANT -> "constant";
      case PLANNED_WITH_INITIAL_VALUE -> "initial value";
      case EXTERNAL -> "external";
      case PLANNED_FROM_EXTERNAL -> "external initial value";
      case CALLER, PLANNED -> "";
    };
  }
}
