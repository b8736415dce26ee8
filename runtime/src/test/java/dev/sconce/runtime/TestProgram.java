package dev.sconce.runtime;

import dev.sconce.base.DType;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.OperatorRef;
import dev.sconce.format.pte.PlanBuilder;
import dev.sconce.format.pte.PteBuilder;
import dev.sconce.format.pte.PteFileWriter;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.Allocation;
import dev.sconce.format.pte.PteValue.BoolValue;
import dev.sconce.format.pte.PteValue.IntValue;
import dev.sconce.format.pte.PteValue.ShapeDynamism;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Small programs for tests, written to files. */
final class TestProgram {

  static final OperatorRef ADD = new OperatorRef("aten::add", "out");
  static final OperatorRef COPY = new OperatorRef("aten::copy_", "");
  static final OperatorRef PRIM_ADD = new OperatorRef("executorch_prim::add", "Scalar");
  static final OperatorRef PRIM_GE = new OperatorRef("executorch_prim::ge", "Scalar");

  private final PteBuilder builder = new PteBuilder();
  private final Map<Integer, MemorySegment> initialValues = new HashMap<>();

  TestProgram method(String name, Consumer<PlanBuilder> body) {
    body.accept(builder.plan(name));
    return this;
  }

  TestProgram getter(String name, PteValue... values) {
    builder.getter(name, values);
    return this;
  }

  /** Reserves the start value of a buffer. */
  int initialValue(float... values) {
    MemorySegment data = Tensor.of(values).memory();
    int index = builder.initialValue(data.byteSize());
    initialValues.put(index, data);
    return index;
  }

  Path write(Path folder) {
    try {
      Path file = folder.resolve("program.pte");
      try (PteFileWriter writer = PteFileWriter.create(file, builder.build())) {
        for (int i = 1; i <= initialValues.size(); i++) {
          writer.write(builder.initialValueSegment(), initialValues.get(i));
        }
        writer.finish();
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forward adds its input, float32[n], to a buffer that starts at zero, and returns the sum. */
  static TestProgram accumulator(int n) {
    return new TestProgram().method("forward", plan -> accumulate(plan, 0, n));
  }

  static void accumulate(PlanBuilder plan, int initialValue, int... sizes) {
    int input = plan.value(planned(1, 0, 0, ShapeDynamism.STATIC, sizes));
    long bytes = 4L * IntStream.of(sizes).reduce(1, (a, b) -> a * b);
    int sum = plan.value(planned(1, (bytes + 15) / 16 * 16, 0, ShapeDynamism.STATIC, sizes));
    int state = plan.value(planned(2, 0, initialValue, ShapeDynamism.STATIC, sizes));
    plan.input(input);
    plan.output(sum);
    add(plan, state, input, sum);
    plan.call(COPY, state, sum, plan.literal(new BoolValue(false)), state);
  }

  static void add(PlanBuilder plan, int a, int b, int out) {
    plan.call(ADD, a, b, plan.literal(new IntValue(1)), out, out);
  }

  /** A tensor in planned memory, with an initial value if its index is not 0. */
  static TensorValue planned(
      int memoryId, long offset, int initialValue, ShapeDynamism dynamism, int... sizes) {
    return tensor(initialValue, new Allocation(memoryId, offset), dynamism, sizes);
  }

  /** A tensor whose memory the caller gives. */
  static TensorValue unplanned(ShapeDynamism dynamism, int... sizes) {
    return tensor(0, null, dynamism, sizes);
  }

  private static TensorValue tensor(
      int buffer, Allocation allocation, ShapeDynamism dynamism, int... sizes) {
    return new TensorValue(
        DType.FLOAT32,
        0,
        Ints.of(sizes),
        Ints.of(IntStream.range(0, sizes.length).toArray()),
        false,
        buffer,
        allocation,
        0,
        dynamism,
        null);
  }
}
