package dev.sconce.cli.internal.inspect;

import dev.sconce.base.DType;
import dev.sconce.cli.internal.inspect.DelegateBlobs.DelegateBlob;
import dev.sconce.cli.internal.report.Section.Note;
import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.Instruction;
import dev.sconce.format.pte.Instruction.JumpFalseCall;
import dev.sconce.format.pte.Instruction.KernelCall;
import dev.sconce.format.pte.OperatorRef;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.DoubleValue;
import dev.sconce.format.pte.PteValue.IntValue;
import dev.sconce.format.pte.PteValue.ShapeDynamism;
import dev.sconce.format.pte.PteValue.TensorValue;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.format.xnnpack.XnnNodeKind;
import dev.sconce.ops.OperatorSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a user of a program should know before relying on it: one method a warning. */
final class Warnings {

  /** The official loader copies operator names into a buffer of this size. */
  private static final int MAX_OPERATOR_NAME = 100;

  private static final int FLOAT_CODE = DType.FLOAT32.code();

  private final PteFile file;
  private final List<Calls> methods;
  private final List<ExecutionPlan> getters;
  private final DelegateBlobs blobs;
  private final List<Note> notes = new ArrayList<>();

  private Warnings(
      PteFile file, List<Calls> methods, List<ExecutionPlan> getters, DelegateBlobs blobs) {
    this.file = file;
    this.methods = methods;
    this.getters = getters;
    this.blobs = blobs;
  }

  static List<Note> of(
      PteFile file, List<Calls> methods, List<ExecutionPlan> getters, DelegateBlobs blobs) {
    Warnings warnings = new Warnings(file, methods, getters, blobs);
    warnings.eosIds();
    warnings.dtype();
    warnings.headDim();
    warnings.inlineConstants();
    warnings.foreignOperators();
    warnings.argumentCounts();
    warnings.operatorNames();
    warnings.foreignDelegates();
    warnings.brokenBlobs();
    warnings.neverExecutedNodes();
    warnings.unboundTensors();
    warnings.externalData();
    warnings.loops();
    return warnings.notes;
  }

  private void warn(String code, String text, Object... arguments) {
    notes.add(new Note(code, arguments.length == 0 ? text : text.formatted(arguments)));
  }

  private @Nullable PteValue getter(String name) {
    for (ExecutionPlan getter : getters) {
      if (getter.name().equals(name) && !getter.outputs().isEmpty()) {
        return getter.values().get(getter.outputs().at(0));
      }
    }
    return null;
  }

  private void eosIds() {
    if (getter("get_eos_id") != null && getter("get_eos_ids") == null) {
      warn(
          "eos-ids-missing",
          "get_eos_id without get_eos_ids: the official C++ runners read only get_eos_ids, and otherwise"
              + " stop at the tokenizer's end token alone");
    }
  }

  private void dtype() {
    if (getter("get_dtype") instanceof IntValue(long code) && code == FLOAT_CODE) {
      boolean bfloat16 =
          tensors()
              .anyMatch(
                  tensor ->
                      tensor.dtype() == DType.BFLOAT16
                          && tensor.dataSource() == PteValue.DataSource.CONSTANT);
      if (bfloat16) {
        warn(
            "dtype-of-bfloat16",
            "get_dtype says 6 (float32) but there are constants in bfloat16 (code 15)");
      }
    }
  }

  private void headDim() {
    if (getter("get_head_dim") instanceof DoubleValue(double dim)) {
      warn(
          "head-dim-not-an-integer",
          "get_head_dim is the floating-point number %s; readers that ask for an integer fail",
          dim);
    }
  }

  private void inlineConstants() {
    if (file.program().usesInlineConstants() && file.program().inlineConstants().size() > 1) {
      warn(
          "inline-constants",
          "constants lie inside of the program table, as before September 2024: newer official runtimes"
              + " reject this (error 0x23)");
    }
  }

  private void foreignOperators() {
    Set<String> names = new TreeSet<>();
    for (Calls method : methods) {
      List<OperatorRef> operators = method.plan().operators();
      for (int i = 0; i < operators.size(); i++) {
        if (method.schema(i) == null) {
          names.add(operators.get(i).fullName());
        }
      }
    }
    for (String name : names) {
      warn(
          "unknown-operator",
          "operator %s is not in the catalogue of what official runtimes register",
          name);
    }
  }

  private void argumentCounts() {
    for (Calls method : methods) {
      Set<Integer> seen = new HashSet<>();
      for (Chain chain : method.plan().chains()) {
        for (Instruction instruction : chain.instructions()) {
          if (instruction instanceof KernelCall(int operator, var args) && seen.add(operator)) {
            OperatorSchema schema = method.schema(operator);
            if (schema != null && schema.callLength() != args.size()) {
              warn(
                  "argument-count",
                  "method %s calls %s with %d arguments, its schema has %d with the result: the official"
                      + " runtime aborts the process",
                  method.plan().name(),
                  schema.fullName(),
                  args.size(),
                  schema.callLength());
            }
          }
        }
      }
    }
  }

  private void operatorNames() {
    for (Calls method : methods) {
      for (OperatorRef operator : method.plan().operators()) {
        if (operator.fullName().length() >= MAX_OPERATOR_NAME) {
          warn(
              "operator-name-too-long",
              "operator %s: the official loader takes names of less than %d characters",
              operator.fullName(),
              MAX_OPERATOR_NAME);
        }
      }
    }
  }

  private void foreignDelegates() {
    Set<String> ids = new TreeSet<>();
    for (DelegateBlob blob : blobs.all()) {
      if (!blob.id().equals(DelegateBlobs.XNNPACK)) {
        ids.add(blob.id());
      }
    }
    for (String id : ids) {
      warn("foreign-delegate", "Sconce cannot execute the backend %s", id);
    }
  }

  private void brokenBlobs() {
    for (DelegateBlob blob : blobs.all()) {
      var problem = blob.problem();
      if (problem != null) {
        warn(
            "broken-blob",
            "delegate blob %d: %s",
            blob.index(),
            String.valueOf(problem.getMessage()));
      }
    }
  }

  private void neverExecutedNodes() {
    for (DelegateBlob blob : blobs.all()) {
      XnnGraph graph = blob.graph();
      if (graph != null
          && graph.nodes().stream()
              .anyMatch(
                  node -> node.operation().kind() == XnnNodeKind.SCALED_DOT_PRODUCT_ATTENTION)) {
        warn(
            "node-not-executable",
            "delegate blob %d has a ScaledDotProductAttention node, which no runtime executes",
            blob.index());
      }
    }
  }

  private void unboundTensors() {
    long count = tensors().filter(t -> t.dynamism() == ShapeDynamism.DYNAMIC_UNBOUND).count();
    if (count > 0) {
      warn(
          "unbound-tensors",
          "%d tensors may grow without bound: the official loader rejects that",
          count);
    }
  }

  private void externalData() {
    Set<String> keys = new TreeSet<>();
    for (DelegateBlob blob : blobs.all()) {
      XnnGraph graph = blob.graph();
      if (graph != null) {
        keys.addAll(Storage.keys(graph.constants()));
      }
    }
    tensors()
        .filter(
            t ->
                t.dataSource() == PteValue.DataSource.EXTERNAL
                    || t.dataSource() == PteValue.DataSource.PLANNED_FROM_EXTERNAL)
        .forEach(t -> keys.add(Values.name(t)));
    file.program().namedData().forEach(data -> keys.remove(data.key()));
    if (!keys.isEmpty()) {
      warn(
          "external-data",
          "%d data are not in this file (the first: %s): a .ptd file must be given to load it",
          keys.size(),
          keys.iterator().next());
    }
  }

  private void loops() {
    for (Calls method : methods) {
      for (Chain chain : method.plan().chains()) {
        for (int i = 0; i < chain.instructions().size(); i++) {
          if (chain.instructions().get(i) instanceof JumpFalseCall jump
              && jump.destination() <= i) {
            warn(
                "loop",
                "method %s loops (from instruction %d back to %d): the official runtime ends a call after"
                    + " 10,000,000 instructions",
                method.plan().name(),
                i,
                jump.destination());
            break;
          }
        }
      }
    }
  }

  private Stream<TensorValue> tensors() {
    return Stream.concat(methods.stream().map(Calls::plan), getters.stream())
        .flatMap(plan -> plan.values().stream())
        .filter(TensorValue.class::isInstance)
        .map(TensorValue.class::cast);
  }
}
