package dev.sconce.cli.internal.diff;

import dev.sconce.cli.internal.HumanSize;
import dev.sconce.cli.internal.inspect.Calls;
import dev.sconce.cli.internal.inspect.DelegateBlobs.DelegateBlob;
import dev.sconce.cli.internal.inspect.Getters;
import dev.sconce.cli.internal.inspect.Values;
import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Fact;
import dev.sconce.cli.internal.report.Page;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.BackendDelegate;
import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.Instruction;
import dev.sconce.format.pte.Instruction.KernelCall;
import dev.sconce.format.pte.NamedData;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Compares two programs by what they mean: numbering and layout of the files do not count. */
public final class ProgramDiff {

  /** Enough of a hash to tell it from others. */
  private static final int SHOWN_HASH = 12;

  private final ProgramSide a;
  private final ProgramSide b;
  private final Differences differences = new Differences();
  private final InstructionDiff instructions = new InstructionDiff();

  private ProgramDiff(ProgramSide a, ProgramSide b) {
    this.a = a;
    this.b = b;
  }

  /**
   * What came out.
   *
   * @param equal whether there is no difference
   * @param page the differences
   */
  public record Result(boolean equal, Page page) {}

  /**
   * Compares two files.
   *
   * @throws IOException if one cannot be read
   * @throws dev.sconce.base.MalformedFileException if one is not a well-formed program
   */
  public static Result compare(Path a, Path b) throws IOException {
    try (ProgramSide sideA = ProgramSide.open(a);
        ProgramSide sideB = ProgramSide.open(b)) {
      ProgramDiff diff = new ProgramDiff(sideA, sideB);
      diff.compare();
      return diff.result(a.toString(), b.toString());
    }
  }

  private Result result(String nameA, String nameB) {
    boolean equal = differences.count() == 0;
    return new Result(
        equal,
        new Page(
            equal
                ? "the programs are equal"
                : "the programs differ: " + differences.count() + " differences",
            List.of(
                Fact.of("a", "A", Cell.of(nameA)),
                Fact.of("b", "B", Cell.of(nameB)),
                Fact.json("equal", Cell.of(equal)),
                Fact.json("differenceCount", Cell.of(differences.count()))),
            List.of(differences.rows(), instructions.rows())));
  }

  private void compare() {
    differences.compare("methods", "", methods(a), methods(b));
    differences.compare("metadata", "", metadata(a), metadata(b));
    Set<String> common = new LinkedHashSet<>(a.methods.keySet());
    common.retainAll(b.methods.keySet());
    for (String method : common) {
      method(method, calls(a, method), calls(b, method));
    }
    differences.compare("constants", "", constants(a), constants(b));
    differences.compare("named data", "", namedData(a), namedData(b));
  }

  private static Calls calls(ProgramSide side, String method) {
    Calls calls = side.methods.get(method);
    if (calls == null) {
      throw new IllegalArgumentException("no method " + method);
    }
    return calls;
  }

  private static Map<String, String> methods(ProgramSide side) {
    return side.file.program().plans().stream()
        .collect(
            Collectors.toMap(
                ExecutionPlan::name,
                plan -> Getters.isGetter(plan) ? "constant" : "method",
                (first, _) -> first,
                LinkedHashMap::new));
  }

  private Map<String, String> metadata(ProgramSide side) {
    ProgramSide other = side == a ? b : a;
    Map<String, String> values = new TreeMap<>();
    side.getters.forEach(
        (name, getter) -> {
          if (other.getters.containsKey(name)) {
            values.put(
                name,
                getter
                    .outputs()
                    .ints()
                    .mapToObj(i -> value(side, getter.values().get(i)))
                    .collect(Collectors.joining(", ")));
          }
        });
    return values;
  }

  private static String value(ProgramSide side, PteValue value) {
    return switch (value) {
      case TensorValue tensor ->
          Getters.value(side.file, tensor).text() + hash(side.contents.hash(side.file, tensor));
      case PteValue.StringValue(String text) -> '"' + text + '"';
      case PteValue.NullValue _,
          PteValue.IntValue _,
          PteValue.BoolValue _,
          PteValue.DoubleValue _,
          PteValue.IntListValue _,
          PteValue.DoubleListValue _,
          PteValue.BoolListValue _,
          PteValue.TensorListValue _,
          PteValue.OptionalTensorListValue _ ->
          Getters.value(side.file, value).text();
    };
  }

  private static String hash(String hash) {
    return hash.isEmpty() ? "" : " #" + hash.substring(0, SHOWN_HASH);
  }

  private void method(String name, Calls inA, Calls inB) {
    ExecutionPlan planA = inA.plan();
    ExecutionPlan planB = inB.plan();
    String prefix = name + ", ";
    differences.compare(
        "inputs", prefix, arguments(planA, planA.inputs()), arguments(planB, planB.inputs()));
    differences.compare(
        "outputs", prefix, arguments(planA, planA.outputs()), arguments(planB, planB.outputs()));
    differences.compare("operators", prefix, operators(planA), operators(planB));
    differences.compare("delegates", prefix, delegates(a, planA), delegates(b, planB));
    differences.compare("memory", prefix, arenas(planA), arenas(planB));
    instructions.compare(name, a, inA, b, inB, differences);
  }

  private static Map<String, String> arguments(ExecutionPlan plan, Ints indices) {
    Map<String, String> arguments = new LinkedHashMap<>();
    for (int i = 0; i < indices.size(); i++) {
      PteValue value = plan.values().get(indices.at(i));
      arguments.put(
          "" + i,
          value instanceof TensorValue tensor
              ? Values.type(tensor) + (tensor.allocation() == null ? ", unplanned" : ", planned")
              : Values.kind(value) + " " + Values.literal(value, plan));
    }
    return arguments;
  }

  private static Map<String, String> operators(ExecutionPlan plan) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Chain chain : plan.chains()) {
      for (Instruction instruction : chain.instructions()) {
        if (instruction instanceof KernelCall(int operator, _)) {
          counts.merge(plan.operators().get(operator).fullName(), 1, Integer::sum);
        }
      }
    }
    Map<String, String> calls = new TreeMap<>();
    counts.forEach(
        (operator, count) -> calls.put(operator, count == 1 ? "1 call" : count + " calls"));
    return calls;
  }

  /** Delegates by content: which numbers they have says nothing. */
  private static Map<String, String> delegates(ProgramSide side, ExecutionPlan plan) {
    Map<String, Integer> counts = new TreeMap<>();
    for (BackendDelegate delegate : plan.delegates()) {
      DelegateBlob blob = side.blobs.of(delegate);
      String options =
          delegate.compileSpecs().stream()
              .map(spec -> " " + spec.key() + "=" + hash(side.contents.hash(spec.value().memory())))
              .collect(Collectors.joining());
      counts.merge(
          blob.id()
              + ", "
              + HumanSize.of(blob.bytes().size())
              + hash(side.contents.hash(blob.bytes().memory()))
              + options,
          1,
          Integer::sum);
    }
    return times(counts);
  }

  private static Map<String, String> times(Map<String, Integer> counts) {
    Map<String, String> times = new TreeMap<>();
    counts.forEach((what, count) -> times.put(what, count == 1 ? "once" : count + " times"));
    return times;
  }

  private static Map<String, String> arenas(ExecutionPlan plan) {
    Map<String, String> arenas = new TreeMap<>();
    for (int i = 1; i < plan.plannedBufferSizes().size(); i++) {
      arenas.put("arena " + i, plan.plannedBufferSizes().at(i) + " bytes");
    }
    return arenas;
  }

  /** Constants of all methods by type and content, each once. */
  private static Map<String, String> constants(ProgramSide side) {
    Map<String, String> constants = new TreeMap<>();
    for (ExecutionPlan plan : side.file.program().plans()) {
      if (side.getters.containsKey(plan.name())) {
        continue; // their values are metadata
      }
      for (PteValue value : plan.values()) {
        if (value instanceof TensorValue tensor) {
          String content = side.contents.hash(side.file, tensor);
          if (!content.isEmpty()) {
            constants.put(Values.type(tensor) + hash(content), "present");
          }
        }
      }
    }
    return constants;
  }

  private static Map<String, String> namedData(ProgramSide side) {
    Map<String, String> data = new TreeMap<>();
    for (NamedData named : side.file.program().namedData()) {
      var segment = side.file.segment(named.segmentIndex());
      data.put(named.key(), HumanSize.of(segment.byteSize()) + hash(side.contents.hash(segment)));
    }
    return data;
  }
}
