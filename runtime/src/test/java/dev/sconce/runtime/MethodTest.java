package dev.sconce.runtime;

import static dev.sconce.runtime.TestProgram.add;
import static dev.sconce.runtime.TestProgram.planned;
import static dev.sconce.runtime.TestProgram.unplanned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sconce.base.DType;
import dev.sconce.base.ExecutionFailedException;
import dev.sconce.base.InvalidInputException;
import dev.sconce.base.UnsupportedProgramException;
import dev.sconce.format.pte.Label;
import dev.sconce.format.pte.OperatorRef;
import dev.sconce.format.pte.PteValue.BoolValue;
import dev.sconce.format.pte.PteValue.DoubleValue;
import dev.sconce.format.pte.PteValue.IntValue;
import dev.sconce.format.pte.PteValue.ShapeDynamism;
import dev.sconce.format.pte.PteValue.StringValue;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MethodTest {

  @TempDir private Path folder;

  @Test
  void stateLivesFromCallToCallAndStartsAtZeroOrItsInitialValue() throws IOException {
    TestProgram source = new TestProgram();
    int start = source.initialValue(10, 20);
    source
        .method("forward", plan -> TestProgram.accumulate(plan, 0, 2))
        .method("started", plan -> TestProgram.accumulate(plan, start, 2));
    try (PteModule module = PteModule.load(source.write(folder))) {
      assertThat(run(module, "forward", 1, 2)).containsExactly(1, 2);
      assertThat(run(module, "forward", 1, 2)).containsExactly(2, 4);
      assertThat(run(module, "started", 1, 2)).containsExactly(11, 22);
      assertThat(run(module, "forward", 1, 2)).containsExactly(3, 6);

      assertThat(module.unloadMethod("forward")).isTrue();
      assertThat(run(module, "forward", 1, 2)).containsExactly(1, 2);
    }
  }

  @Test
  void answersWhileItWarmsUpAndMayBeClosedMeanwhile() throws IOException {
    Path file = TestProgram.accumulator(2).write(folder);
    LoadOptions warming = LoadOptions.defaults().withWarmUp().withThreads(2);
    assertThat(warming.warmUp()).isTrue();
    for (int i = 0; i < 3; i++) {
      try (PteModule module = PteModule.load(file, warming)) {
        assertThat(run(module, "forward", 1, 2)).containsExactly(1, 2);
        assertThat(run(module, "forward", 1, 2)).containsExactly(2, 4);
      }
    }
  }

  @Test
  void computesWithThreadsOfItsOwn() throws IOException {
    Path file = TestProgram.accumulator(2).write(folder);
    try (PteModule module = PteModule.load(file, LoadOptions.defaults().withThreads(3))) {
      assertThat(run(module, "forward", 1, 2)).containsExactly(1, 2);
    }
    assertThatThrownBy(() -> LoadOptions.defaults().withThreads(-1))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> Program.load(file, LoadOptions.defaults().withThreads(5000)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("1024");
  }

  @Test
  void constantMethodsAnswerSeveralThreadsAtOnce() throws Exception {
    Path file = TestProgram.accumulator(2).getter("get_limit", new IntValue(7)).write(folder);
    try (PteModule module = PteModule.load(file);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      CountDownLatch together = new CountDownLatch(4);
      Callable<Long> ask =
          () -> {
            together.countDown();
            together.await();
            long sum = 0;
            for (int i = 0; i < 2_000; i++) {
              sum += module.execute("get_limit")[0].toInt();
            }
            return sum;
          };
      for (Future<Long> answer : threads.invokeAll(Collections.nCopies(4, ask))) {
        assertThat(answer.get()).isEqualTo(14_000);
      }
    }
  }

  @Test
  void sharedArenasShareState() throws IOException {
    TestProgram source =
        new TestProgram()
            .method("a", plan -> TestProgram.accumulate(plan, 0, 2))
            .method("b", plan -> TestProgram.accumulate(plan, 0, 2));
    try (PteModule module =
        PteModule.load(source.write(folder), LoadOptions.defaults().withSharedArenas())) {
      assertThat(run(module, "a", 1, 2)).containsExactly(1, 2);
      assertThat(run(module, "b", 1, 2)).containsExactly(2, 4);
    }
  }

  @Test
  void forksGoTheirOwnWays() throws IOException {
    try (Program program = Program.load(TestProgram.accumulator(2).write(folder));
        Method method = program.loadMethod("forward")) {
      method.execute(floats(1, 2));
      try (Method fork = method.fork()) {
        assertThat(result(fork.execute(floats(1, 1)))).containsExactly(2, 3);
        assertThat(result(fork.execute(floats(1, 1)))).containsExactly(3, 4);
        assertThat(result(method.execute(floats(5, 5)))).containsExactly(6, 7);

        fork.copyStateFrom(method);
        assertThat(result(fork.execute(floats(0, 0)))).containsExactly(6, 7);
      }
    }
  }

  @Test
  void copiesStateRowByRowAlsoWithinOneMethod() throws IOException {
    TestProgram source =
        new TestProgram().method("forward", plan -> TestProgram.accumulate(plan, 0, 3, 2));
    try (Program program = Program.load(source.write(folder));
        Method method = program.loadMethod("forward");
        Method other = program.loadMethod("forward")) {
      EValue zeros = EValue.from(Tensor.zeros(DType.FLOAT32, 3, 2));
      method.execute(EValue.from(Tensor.of(new float[] {1, 1, 2, 2, 3, 3}, 3, 2)));

      method.copyStateFrom(method, 2, 0, 0);
      assertThat(result(method.execute(zeros))).containsExactly(3, 3, 1, 1, 1, 1);
      other.copyStateFrom(method, 1, 1, 0);
      assertThat(result(other.execute(zeros))).containsExactly(1, 1, 1, 1, 3, 3);
      assertThatThrownBy(() -> method.copyStateFrom(other, 0, 3, 0))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void loopsUntilTheInstructionLimit() throws IOException {
    Path file =
        new TestProgram()
            .method(
                "count",
                plan -> {
                  // i += 1 until i >= 1000; i starts where the last execution left it.
                  int one = plan.literal(new IntValue(1));
                  int end = plan.literal(new IntValue(1000));
                  int i = plan.value(new IntValue(0));
                  int done = plan.value(new BoolValue(false));
                  plan.output(i);
                  Label loop = plan.label();
                  plan.place(loop);
                  plan.call(TestProgram.PRIM_ADD, i, one, i);
                  plan.call(TestProgram.PRIM_GE, i, end, done);
                  plan.jumpIfFalse(done, loop);
                })
            .write(folder);
    try (PteModule module = PteModule.load(file)) {
      assertThat(module.execute("count")[0].toInt()).isEqualTo(1000);
      assertThat(module.execute("count")[0].toInt()).isEqualTo(1001);
    }
    LoadOptions limited = LoadOptions.defaults().withInstructionLimit(100);
    try (PteModule module = PteModule.load(file, limited)) {
      assertThatThrownBy(() -> module.execute("count"))
          .isInstanceOf(ExecutionFailedException.class)
          .hasMessageContaining("100 instructions");
    }
    LoadOptions enough = LoadOptions.defaults().withInstructionLimit(3000);
    try (PteModule module = PteModule.load(file, enough)) {
      assertThat(module.execute("count")[0].toInt()).isEqualTo(1000);
    }
  }

  @Test
  void endlessLoopsCanBeCancelledAndOthersAreToldToWait() throws Exception {
    Path file =
        new TestProgram()
            .method(
                "spin",
                plan -> {
                  Label loop = plan.label();
                  plan.place(loop);
                  plan.jump(loop);
                })
            .write(folder);
    LoadOptions endless = LoadOptions.defaults().withInstructionLimit(Long.MAX_VALUE);
    CountDownLatch running = new CountDownLatch(1);
    try (Program program = Program.load(file, endless.withTracer(new Started(running)));
        Method method = program.loadMethod("spin")) {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread thread = Thread.ofPlatform().start(() -> failure.set(catchThrowable(method::execute)));
      running.await();

      assertThatThrownBy(method::execute)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("one caller at a time");
      method.cancel();
      thread.join();
      assertThat(failure.get())
          .isInstanceOf(ExecutionFailedException.class)
          .hasMessageContaining("cancelled");
    }
  }

  private record Started(CountDownLatch running) implements EventTracer {
    @Override
    public void instruction(InstructionInfo instruction, long startNanos, long endNanos) {
      running.countDown();
    }

    @Override
    public void delegateNode(InstructionInfo instruction, String node, long start, long end) {}

    @Override
    public void method(String method, long startNanos, long endNanos) {}
  }

  @Test
  void closingDuringAnExecutionFailsItWithoutHarm() throws Exception {
    Path file =
        new TestProgram()
            .method(
                "spin",
                plan -> {
                  int a = plan.value(planned(1, 0, 0, ShapeDynamism.STATIC, 4));
                  int b = plan.value(planned(1, 16, 0, ShapeDynamism.STATIC, 4));
                  Label loop = plan.label();
                  plan.place(loop);
                  add(plan, a, a, b);
                  plan.jump(loop);
                })
            .write(folder);
    LoadOptions endless = LoadOptions.defaults().withInstructionLimit(Long.MAX_VALUE);
    CountDownLatch running = new CountDownLatch(1);
    try (Program program = Program.load(file, endless.withTracer(new Started(running)))) {
      Method method = program.loadMethod("spin");
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread thread = Thread.ofPlatform().start(() -> failure.set(catchThrowable(method::execute)));
      running.await();
      method.close();
      thread.join();
      assertThat(failure.get()).isInstanceOf(ExecutionFailedException.class);
    }
  }

  @Test
  void takesDynamicShapesWithinTheBound() throws IOException {
    Path file =
        new TestProgram()
            .method(
                "forward",
                plan -> {
                  int x = plan.value(planned(1, 0, 0, ShapeDynamism.DYNAMIC_BOUND, 4, 2));
                  int y = plan.value(planned(1, 32, 0, ShapeDynamism.DYNAMIC_BOUND, 4, 2));
                  plan.input(x);
                  plan.output(y);
                  add(plan, x, x, y);
                })
            .write(folder);
    try (PteModule module = PteModule.load(file)) {
      Tensor out = module.forward(tensor(new float[] {1, 2, 3, 4}, 2, 2))[0].toTensor();
      assertThat(out.shape()).containsExactly(2, 2);
      assertThat(out.toFloatArray()).containsExactly(2, 4, 6, 8);
      // As in the official runtime, a dimension may exceed its bound while the elements fit.
      out = module.forward(tensor(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 8))[0].toTensor();
      assertThat(out.shape()).containsExactly(1, 8);

      assertThatThrownBy(() -> module.forward(tensor(new float[10], 5, 2)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("input 0")
          .hasMessageContaining("[4, 2]")
          .hasMessageContaining("[5, 2]");
      assertThatThrownBy(() -> module.forward(tensor(new float[4], 4)))
          .isInstanceOf(InvalidInputException.class);
      assertThat(module.metadata("forward").inputs().getFirst().tensor().orElseThrow().dynamic())
          .isTrue();
    }
  }

  @Test
  void usesUnplannedMemoryInPlaceAndWritesOutputsWhereAsked() throws IOException {
    Path file =
        new TestProgram()
            .method(
                "forward",
                plan -> {
                  int x = plan.value(unplanned(ShapeDynamism.STATIC, 2));
                  int y = plan.value(unplanned(ShapeDynamism.STATIC, 2));
                  int z = plan.value(planned(1, 0, 0, ShapeDynamism.STATIC, 2));
                  plan.input(x);
                  plan.output(y);
                  plan.output(z);
                  add(plan, x, x, y);
                  add(plan, x, y, z);
                })
            .write(folder);
    try (Program program = Program.load(file);
        Method method = program.loadMethod("forward");
        Arena arena = Arena.ofConfined()) {
      assertThat(result(method.execute(floats(1, 2)))).containsExactly(2, 4);

      // Memory that other threads cannot read is copied; the program cannot tell.
      Tensor confined = Tensor.ofSegment(DType.FLOAT32, arena.allocate(8, 4), 2);
      assertThat(result(method.execute(EValue.from(confined)))).containsExactly(0, 0);

      Tensor target = Tensor.zeros(DType.FLOAT32, 2);
      method.setOutput(0, target);
      method.execute(floats(3, 4));
      assertThat(target.toFloatArray()).containsExactly(6, 8);
      assertThatThrownBy(() -> method.setOutput(1, target))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("planned");
      assertThatThrownBy(() -> method.setOutput(0, Tensor.zeros(DType.INT64, 2)))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void numbersMustBeTheExportedOnes() throws IOException {
    Path file =
        new TestProgram()
            .method(
                "forward",
                plan -> {
                  plan.input(plan.value(new IntValue(3)));
                  plan.input(plan.value(new DoubleValue(0.5)));
                  plan.input(plan.value(new StringValue("mean")));
                })
            .getter("get_n", new IntValue(42))
            .write(folder);
    try (PteModule module = PteModule.load(file)) {
      EValue mean = EValue.from("mean");
      assertThat(module.forward(EValue.from(3), EValue.from(0.50005), mean)).isEmpty();
      assertThatThrownBy(() -> module.forward(EValue.from(4), EValue.from(0.5), mean))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("exported value 3");
      assertThatThrownBy(() -> module.forward(EValue.from(3), EValue.from(0.6), mean))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> module.forward(EValue.from(3), EValue.from(0.5)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("3 values");
      assertThat(module.execute("get_n")[0].toInt()).isEqualTo(42);
      assertThat(module.metadata("get_n").isConstant()).isTrue();
      assertThatThrownBy(() -> module.execute("backward"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("[forward, get_n]");
    }
  }

  @Test
  void namesEverythingThatIsMissingAtOnce() throws IOException {
    Path file =
        new TestProgram()
            .method(
                "forward",
                plan -> {
                  int x = plan.value(planned(1, 0, 0, ShapeDynamism.STATIC, 2));
                  plan.call(new OperatorRef("my::first", "out"), x, x);
                  add(plan, x, x, x);
                  plan.call(new OperatorRef("my::second", ""), x);
                })
            .write(folder);
    try (PteModule module = PteModule.load(file)) {
      assertThatThrownBy(() -> module.loadMethod("forward"))
          .isInstanceOfSatisfying(
              UnsupportedProgramException.class,
              e ->
                  assertThat(e.missing())
                      .containsExactly(
                          "operator my::first.out (method 'forward', instruction 0)",
                          "operator my::second (method 'forward', instruction 2)"));
    }
  }

  @Test
  void useAfterCloseIsATypedErrorEverywhere() throws IOException {
    Path file = TestProgram.accumulator(2).write(folder);
    Program program = Program.load(file);
    Method method = program.loadMethod("forward");
    Tensor view = method.execute(floats(1, 2))[0].toTensor();
    Method second = program.loadMethod("forward");
    method.close();
    method.close();
    assertThatThrownBy(view::toFloatArray).isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> method.execute(floats(1, 2)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(method::fork).isInstanceOf(InvalidInputException.class);

    program.close();
    program.close();
    assertThatThrownBy(() -> second.execute(floats(1, 2)))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> program.loadMethod("forward"))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> program.metadata("forward")).isInstanceOf(InvalidInputException.class);
  }

  @Test
  void aFailedCallLeavesTheMethodUsable() throws IOException {
    Path file =
        new TestProgram()
            .method(
                "forward",
                plan -> {
                  int x = plan.value(planned(1, 0, 0, ShapeDynamism.DYNAMIC_BOUND, 4));
                  int y = plan.value(planned(1, 16, 0, ShapeDynamism.STATIC, 3));
                  int z = plan.value(planned(1, 32, 0, ShapeDynamism.DYNAMIC_BOUND, 4));
                  plan.input(x);
                  plan.output(z);
                  add(plan, x, y, z);
                })
            .write(folder);
    try (PteModule module = PteModule.load(file)) {
      assertThatThrownBy(() -> module.forward(tensor(new float[4], 4)))
          .isInstanceOf(ExecutionFailedException.class)
          .hasMessageContaining("method 'forward', instruction 0 (aten::add.out)");
      assertThat(result(module.forward(tensor(new float[] {1, 2, 3}, 3)))).containsExactly(1, 2, 3);
    }
  }

  private static float[] run(PteModule module, String method, float... values) {
    return result(module.execute(method, floats(values)));
  }

  private static float[] result(EValue[] outputs) {
    return outputs[0].toTensor().toFloatArray();
  }

  private static EValue floats(float... values) {
    return EValue.from(Tensor.of(values));
  }

  private static EValue tensor(float[] values, long... shape) {
    return EValue.from(Tensor.of(values, shape));
  }
}
