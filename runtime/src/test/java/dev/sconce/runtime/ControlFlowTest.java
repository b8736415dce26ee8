package dev.sconce.runtime;

import static dev.sconce.runtime.TestProgram.add;
import static dev.sconce.runtime.TestProgram.planned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.ExecutionFailedException;
import dev.sconce.base.UnsupportedProgramException;
import dev.sconce.format.pte.Label;
import dev.sconce.format.pte.OperatorRef;
import dev.sconce.format.pte.PlanBuilder;
import dev.sconce.format.pte.PteValue.BoolValue;
import dev.sconce.format.pte.PteValue.IntValue;
import dev.sconce.format.pte.PteValue.ShapeDynamism;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jumps, moves and frees; interop/fuzz_operators.py --programs has them at random. */
class ControlFlowTest {

  private static final OperatorRef SIZE = new OperatorRef("aten::sym_size", "int");
  private static final OperatorRef SELECT = new OperatorRef("aten::select_copy", "int_out");
  private static final OperatorRef COPY_INDEX =
      new OperatorRef("executorch_prim::et_copy_index", "tensor");
  private static final OperatorRef PRIM_EQ = new OperatorRef("executorch_prim::eq", "Scalar");

  @TempDir private Path folder;

  @Test
  void mapsOverFewerRowsAfterMoreLeaveAsManyAsTheyCopied() throws IOException {
    Path file = new TestProgram().method("forward", ControlFlowTest::doubleRows).write(folder);
    try (PteModule module = PteModule.load(file)) {
      for (int rows : new int[] {3, 1, 4, 2}) {
        float[] values = new float[2 * rows];
        float[] doubled = new float[2 * rows];
        for (int i = 0; i < values.length; i++) {
          values[i] = i + 1;
          doubled[i] = 2 * values[i];
        }
        Tensor out = module.forward(EValue.from(Tensor.of(values, rows, 2)))[0].toTensor();
        assertThat(out.shape()).containsExactly(rows, 2);
        assertThat(out.toFloatArray()).containsExactly(doubled);
      }
    }
  }

  /** What the official exporter makes of {@code map(lambda row: row + row, x)}. */
  private static void doubleRows(PlanBuilder plan) {
    int x = plan.value(planned(1, 0, 0, ShapeDynamism.DYNAMIC_BOUND, 4, 2));
    int out = plan.value(planned(1, 32, 0, ShapeDynamism.DYNAMIC_BOUND, 4, 2));
    int row = plan.value(planned(1, 64, 0, ShapeDynamism.STATIC, 2));
    int twice = plan.value(planned(1, 80, 0, ShapeDynamism.STATIC, 2));
    int zero = plan.literal(new IntValue(0));
    int one = plan.literal(new IntValue(1));
    int count = plan.value(new IntValue(0));
    int index = plan.value(new IntValue(0));
    int done = plan.value(new BoolValue(false));
    plan.input(x);
    plan.output(out);
    plan.call(SIZE, x, zero, count);
    plan.move(zero, index);
    Label loop = plan.label();
    plan.place(loop);
    plan.call(SELECT, x, zero, index, row, row);
    add(plan, row, row, twice);
    plan.call(COPY_INDEX, out, twice, index);
    plan.call(TestProgram.PRIM_ADD, index, one, index);
    plan.call(PRIM_EQ, index, count, done);
    plan.jumpIfFalse(done, loop);
  }

  @Test
  void freedTensorsMayBeMovedOverButNotRead() throws IOException {
    Path file =
        new TestProgram()
            .method("moved", plan -> free(plan, true))
            .method("read", plan -> free(plan, false))
            .write(folder);
    try (PteModule module = PteModule.load(file)) {
      EValue input = EValue.from(Tensor.of(new float[] {1, 2}));
      assertThat(module.execute("moved", input)[0].toTensor().toFloatArray()).containsExactly(2, 4);
      assertThatThrownBy(() -> module.execute("read", input))
          .isInstanceOf(ExecutionFailedException.class)
          .hasMessageContaining("instruction 2 (aten::add.out)");
    }
  }

  private static void free(PlanBuilder plan, boolean moveOver) {
    int x = plan.value(planned(1, 0, 0, ShapeDynamism.STATIC, 2));
    int freed = plan.value(planned(1, 16, 0, ShapeDynamism.STATIC, 2));
    int out = plan.value(planned(1, 32, 0, ShapeDynamism.STATIC, 2));
    plan.input(x);
    plan.output(out);
    add(plan, x, x, freed);
    plan.free(freed);
    if (moveOver) {
      plan.move(x, freed);
    }
    add(plan, freed, freed, out);
  }

  @Test
  void refusesMovesBetweenValuesOfDifferentKinds() throws IOException {
    Path file =
        new TestProgram()
            .method(
                "forward",
                plan ->
                    plan.move(
                        plan.value(new IntValue(1)),
                        plan.value(planned(1, 0, 0, ShapeDynamism.STATIC, 2))))
            .write(folder);
    try (PteModule module = PteModule.load(file)) {
      assertThatThrownBy(() -> module.loadMethod("forward"))
          .isInstanceOf(UnsupportedProgramException.class)
          .hasMessageContaining("a move of");
    }
  }
}
