package dev.sconce.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.DType;
import dev.sconce.base.SconceException;
import dev.sconce.base.UnsupportedProgramException;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.OperatorRef;
import dev.sconce.format.pte.PlanBuilder;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.Allocation;
import dev.sconce.format.pte.PteValue.ShapeDynamism;
import dev.sconce.ops.Argument;
import dev.sconce.ops.ArgumentType;
import dev.sconce.ops.OperatorCatalogue;
import dev.sconce.ops.OperatorSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the arguments of an operator are, it answers or throws an exception of ours. */
class HostileArgumentsTest {

  private static final int CALLS = 3;
  private static final int CAPACITY = 4096;

  private static final DType[] TYPES = {
    DType.FLOAT32,
    DType.FLOAT32,
    DType.FLOAT32,
    DType.INT64,
    DType.INT64,
    DType.BOOL,
    DType.INT8,
    DType.UINT8,
    DType.FLOAT16,
    DType.BFLOAT16,
    DType.FLOAT64,
    DType.INT32
  };

  private static final long[] INTEGERS = {
    0,
    1,
    2,
    3,
    -1,
    -2,
    4,
    7,
    64,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1L << 32,
    -(1L << 40),
    1_000_000_007
  };

  private static final double[] REALS = {
    0, 1, -1, 0.5, 1e30, -1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };

  @TempDir private Path folder;

  /** A program of one call of an operator. */
  private static final class Call {
    private final Random random;
    private final PlanBuilder plan;
    private final List<Integer> inputs = new ArrayList<>();
    private final List<DType> types = new ArrayList<>();
    private final List<int[]> shapes = new ArrayList<>();
    private long offset;

    private Call(Random random, PlanBuilder plan) {
      this.random = random;
      this.plan = plan;
    }

    private int[] shape() {
      // Mostly shapes that have something to do with each other.
      if (!shapes.isEmpty() && random.nextInt(3) > 0) {
        return shapes.get(random.nextInt(shapes.size()));
      }
      int[] sizes = new int[random.nextInt(5)];
      Arrays.setAll(sizes, i -> random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(4));
      return sizes;
    }

    private int tensor(boolean out) {
      int[] sizes = shape();
      boolean same = !types.isEmpty() && random.nextInt(3) > 0;
      DType type = same ? types.getFirst() : TYPES[random.nextInt(TYPES.length)];
      int value =
          plan.value(
              new PteValue.TensorValue(
                  type,
                  0,
                  Ints.of(sizes),
                  Ints.of(IntStream.range(0, sizes.length).toArray()),
                  false,
                  0,
                  new Allocation(1, offset),
                  0,
                  random.nextBoolean() ? ShapeDynamism.DYNAMIC_BOUND : ShapeDynamism.STATIC,
                  null));
      offset += CAPACITY;
      if (!out) {
        inputs.add(value);
        types.add(type);
        shapes.add(sizes);
        plan.input(value);
      }
      return value;
    }

    private long integer() {
      return random.nextInt(3) > 0
          ? random.nextInt(-2, 4)
          : INTEGERS[random.nextInt(INTEGERS.length)];
    }

    private int argument(Argument argument) {
      ArgumentType type = argument.type();
      if (type.optional() && random.nextInt(4) == 0) {
        return plan.literal(new PteValue.NullValue());
      }
      if (type.list()) {
        int length = type.length() > 0 && random.nextInt(8) > 0 ? type.length() : random.nextInt(4);
        return list(type, length, argument.isOut());
      }
      return switch (type.kind()) {
        case TENSOR -> tensor(argument.isOut());
        case INT -> plan.literal(new PteValue.IntValue(integer()));
        case FLOAT -> plan.literal(new PteValue.DoubleValue(REALS[random.nextInt(REALS.length)]));
        case BOOL -> plan.literal(new PteValue.BoolValue(random.nextBoolean()));
        case SCALAR ->
            plan.literal(
                random.nextBoolean()
                    ? new PteValue.IntValue(integer())
                    : new PteValue.DoubleValue(REALS[random.nextInt(REALS.length)]));
        case SCALAR_TYPE, MEMORY_FORMAT ->
            plan.literal(new PteValue.IntValue(random.nextInt(-1, 14)));
        case STRING ->
            plan.literal(
                new PteValue.StringValue(
                    List.of("none", "tanh", "floor", "trunc", "", "?").get(random.nextInt(6))));
      };
    }

    private int list(ArgumentType type, int length, boolean out) {
      return switch (type.kind()) {
        case TENSOR -> {
          int[] items = IntStream.range(0, length).map(i -> tensor(out)).toArray();
          if (type.optionalElements() && length > 1 && random.nextBoolean()) {
            items[0] = -1;
          }
          yield plan.literal(
              type.optionalElements()
                  ? new PteValue.OptionalTensorListValue(Ints.of(items))
                  : new PteValue.TensorListValue(Ints.of(items)));
        }
        case FLOAT ->
            plan.literal(
                new PteValue.DoubleListValue(
                    IntStream.range(0, length)
                        .mapToObj(i -> REALS[random.nextInt(REALS.length)])
                        .toList()));
        case BOOL ->
            plan.literal(
                new PteValue.BoolListValue(
                    IntStream.range(0, length).mapToObj(i -> random.nextBoolean()).toList()));
        default -> {
          long[] items = new long[length];
          Arrays.setAll(items, i -> integer());
          yield plan.intList(items);
        }
      };
    }

    private EValue[] values() {
      EValue[] values = new EValue[inputs.size()];
      for (int i = 0; i < values.length; i++) {
        int[] sizes = shapes.get(i);
        double[] numbers = new double[Arrays.stream(sizes).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(
            numbers,
            n ->
                random.nextInt(6) == 0
                    ? REALS[random.nextInt(REALS.length)]
                    : random.nextInt(-3, 6));
        long[] shape = Arrays.stream(sizes).asLongStream().toArray();
        values[i] = EValue.from(Tensor.of(types.get(i), numbers, shape));
      }
      return values;
    }
  }

  @Test
  void answersOrThrowsAnExceptionOfOurs() throws IOException {
    int answered = 0;
    int refused = 0;
    for (OperatorSchema schema : OperatorCatalogue.standard().schemas()) {
      for (int seed = 0; seed < CALLS; seed++) {
        Random random = new Random(31L * seed + schema.fullName().hashCode());
        Call[] call = new Call[1];
        Path file =
            new TestProgram()
                .method(
                    "forward",
                    plan -> {
                      call[0] = new Call(random, plan);
                      write(schema, plan, call[0]);
                    })
                .write(folder);
        try (PteModule module = PteModule.load(file)) {
          module.execute("forward", call[0].values());
          answered++;
        } catch (UnsupportedProgramException _) {
          // refused at loading: an operator or a combination of types that nobody computes
        } catch (SconceException _) {
          refused++;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
          throw new AssertionError(schema.fullName() + ", seed " + seed, e);
        }
      }
    }
    assertThat(answered).as("calls answered").isGreaterThan(100);
    assertThat(refused).as("calls refused").isGreaterThan(100);
  }

  private static void write(OperatorSchema schema, PlanBuilder plan, Call call) {
    List<Integer> places = new ArrayList<>();
    List<Integer> outs = new ArrayList<>();
    for (Argument argument : schema.arguments()) {
      int place = call.argument(argument);
      places.add(place);
      if (argument.isOut()) {
        outs.add(place);
      }
    }
    while (places.size() < schema.callLength()) {
      if (outs.size() > 1) {
        places.add(
            plan.literal(
                new PteValue.TensorListValue(
                    Ints.of(outs.stream().mapToInt(Integer::intValue).toArray()))));
      } else {
        places.add(outs.isEmpty() ? plan.value(new PteValue.IntValue(0)) : outs.getFirst());
      }
    }
    plan.call(
        new OperatorRef(schema.name(), schema.overload()),
        places.stream().mapToInt(Integer::intValue).toArray());
    plan.output(places.getLast());
  }
}
