package dev.sconce.cli.internal.bench;

import dev.sconce.format.Ints;
import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.Instruction;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.DataSource;
import dev.sconce.format.pte.PteValue.TensorValue;
import dev.sconce.format.xnnpack.XnnBlob;
import dev.sconce.format.xnnpack.XnnConstant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How many bytes of constants one run through a method reads, as they stand in the file: what
 * decoding a token must at least take from memory. Each use counts; of a table in which an operator
 * looks rows up, one row does.
 */
final class WeightTraffic {

  private static final Pattern LOOK_UPS =
      Pattern.compile(".*::(embedding|index|gather|select|slice).*");

  private final PteFile file;
  private final ExecutionPlan plan;

  private WeightTraffic(PteFile file, ExecutionPlan plan) {
    this.file = file;
    this.plan = plan;
  }

  /** Returns the bytes that one execution of a method reads. */
  static long of(PteFile file, String method) {
    Optional<ExecutionPlan> plan = file.program().plan(method);
    return plan.isEmpty() ? 0 : new WeightTraffic(file, plan.get()).bytes();
  }

  private long bytes() {
    long bytes = 0;
    for (Chain chain : plan.chains()) {
      for (Instruction instruction : chain.instructions()) {
        bytes +=
            switch (instruction) {
              case Instruction.KernelCall call -> operator(call);
              case Instruction.DelegateCall call -> delegate(call);
              case Instruction.MoveCall _, Instruction.JumpFalseCall _, Instruction.FreeCall _ -> 0;
            };
      }
    }
    return bytes;
  }

  private long operator(Instruction.KernelCall call) {
    String name = plan.operators().get(call.operator()).fullName();
    boolean looksUp = LOOK_UPS.matcher(name).matches();
    long bytes = 0;
    Ints arguments = call.args();
    for (int i = 0; i < arguments.size(); i++) {
      PteValue value = plan.values().get(arguments.at(i));
      if (value instanceof TensorValue tensor && isConstant(tensor)) {
        long rows = tensor.sizes().size() > 1 ? Math.max(1, tensor.sizes().at(0)) : 1;
        bytes += looksUp ? tensor.byteSize() / rows : tensor.byteSize();
      }
    }
    return bytes;
  }

  private static boolean isConstant(TensorValue tensor) {
    return tensor.dataSource() == DataSource.CONSTANT || tensor.dataSource() == DataSource.EXTERNAL;
  }

  private long delegate(Instruction.DelegateCall call) {
    var delegate = plan.delegates().get(call.delegate());
    if (!delegate.id().equals("XnnpackBackend")) {
      return 0;
    }
    long bytes = 0;
    for (XnnConstant constant : XnnBlob.read(file.delegateData(delegate)).constants()) {
      bytes +=
          switch (constant) {
            case XnnConstant.Reserved() -> 0;
            case XnnConstant.Inside(var data) -> data.size();
            case XnnConstant.Named(String _, long size) -> size;
          };
    }
    return bytes;
  }
}
