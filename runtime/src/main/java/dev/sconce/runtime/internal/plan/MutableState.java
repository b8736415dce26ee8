package dev.sconce.runtime.internal.plan;

import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.Instruction;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.Slot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The state of a method: what its next execution may see of the last one. Buffers that are read
 * before they are written ({@link StateAnalysis}), numbers, dynamic sizes, and where views point.
 */
public final class MutableState {

  private MutableState() {}

  /** The values that are state, and how they are written; found once per plan. */
  private record StateValues(
      List<Integer> indices, List<Boolean> addressed, List<OptionalInt> places) {

    static StateValues of(ProgramContents program, BoundMethod method) {
      return program
          .memory()
          .get(
              StateValues.class,
              method.plan().name(),
              _ -> {
                List<Integer> indices = new StateAnalysis(program, method.plan()).run();
                StateWriters writers = new StateWriters(method.plan());
                return new StateValues(
                    indices,
                    indices.stream().map(writers::addressed).toList(),
                    indices.stream().map(writers::placesAlong).toList());
              });
    }
  }

  /**
   * One buffer of state.
   *
   * @param slot where it lies
   * @param addressed whether all writes to it name the places they go to
   */
  public record Buffer(TensorSlot slot, boolean addressed) {}

  /** Returns the buffers that are a method's state, in an order that is the program's. */
  public static List<Buffer> buffers(ProgramContents program, BoundMethod method) {
    StateValues values = StateValues.of(program, method);
    return IntStream.range(0, values.indices().size())
        .mapToObj(
            i ->
                new Buffer(
                    (TensorSlot) method.slots().get(values.indices().get(i)),
                    values.addressed().get(i)))
        .toList();
  }

  /**
   * Copies the state of one instance of a method to another.
   *
   * @param program what both belong to
   * @param from whose state is read
   * @param to whose state is replaced; may be the same instance if rows are given
   * @param rowMap which row of the source becomes each row, or null for all in their places
   */
  public static void copy(
      ProgramContents program, BoundMethod from, BoundMethod to, int @Nullable [] rowMap) {
    boolean itself = from.memory() == to.memory();
    if (!itself) {
      copyAliases(from, to);
      copyNumbersAndSizes(from, to);
    }
    for (int index : StateValues.of(program, from).indices()) {
      TensorSlot source = (TensorSlot) from.slots().get(index);
      TensorSlot target = (TensorSlot) to.slots().get(index);
      if (rowMap != null && hasRows(source, rowMap.length)) {
        copyRows(source, target, rowMap);
      } else if (!itself) {
        MemorySegment.copy(source.data(), 0, target.data(), 0, source.nbytes());
      }
    }
  }

  /**
   * Copies the state of one instance of a method to another, but of caches only their first places.
   *
   * @param capacity how many places such a cache has, along the dimension that its writers name
   * @param filled how many of them are copied
   */
  public static void copyFilled(
      ProgramContents program, BoundMethod from, BoundMethod to, int capacity, int filled) {
    copyAliases(from, to);
    copyNumbersAndSizes(from, to);
    StateValues values = StateValues.of(program, from);
    for (int i = 0; i < values.indices().size(); i++) {
      TensorSlot source = (TensorSlot) from.slots().get(values.indices().get(i));
      TensorSlot target = (TensorSlot) to.slots().get(values.indices().get(i));
      int places = values.places().get(i).orElse(-1);
      if (places >= 0 && isRowMajor(source) && source.size(places) == capacity) {
        copyPlaces(source, target, places, filled);
      } else {
        MemorySegment.copy(source.data(), 0, target.data(), 0, source.nbytes());
      }
    }
  }

  private static boolean isRowMajor(TensorSlot tensor) {
    return IntStream.range(0, tensor.rank()).allMatch(d -> tensor.dimOrder()[d] == d);
  }

  private static void copyPlaces(TensorSlot source, TensorSlot target, int dimension, int filled) {
    long parts = 1;
    for (int d = 0; d < dimension; d++) {
      parts *= source.size(d);
    }
    long part = parts == 0 ? 0 : source.nbytes() / parts;
    long copied = part / source.size(dimension) * filled;
    for (long i = 0; i < parts; i++) {
      MemorySegment.copy(source.data(), i * part, target.data(), i * part, copied);
    }
  }

  // What MoveCalls have made names of one tensor stays so.
  private static void copyAliases(BoundMethod from, BoundMethod to) {
    for (Chain chain : from.plan().chains()) {
      for (Instruction instruction : chain.instructions()) {
        if (instruction instanceof Instruction.MoveCall(int source, int target)
            && from.slots().get(source) instanceof TensorSlot a
            && from.slots().get(target) instanceof TensorSlot b
            && a.isAliasOf(b)) {
          ((TensorSlot) to.slots().get(target)).alias((TensorSlot) to.slots().get(source));
        }
      }
    }
  }

  private static void copyNumbersAndSizes(BoundMethod from, BoundMethod to) {
    for (int i = 0; i < from.slots().size(); i++) {
      Slot source = from.slots().get(i);
      if (source instanceof ScalarSlot a && to.slots().get(i) instanceof ScalarSlot b) {
        b.set(a);
      } else if (source instanceof TensorSlot a && to.slots().get(i) instanceof TensorSlot b) {
        seatAlike(from, a, to, b);
        b.resizeLike(a);
      }
    }
  }

  // A view (et_view) may point anywhere in the arenas.
  private static void seatAlike(
      BoundMethod from, TensorSlot source, BoundMethod to, TensorSlot target) {
    long address = source.data().address();
    for (int id = 1; id < from.arenas().count(); id++) {
      MemorySegment arena = from.arenas().arena(id);
      long offset = address - arena.address();
      if (offset >= 0 && offset < arena.byteSize()) {
        target.seat(to.arenas().arena(id).asSlice(offset, source.data().byteSize()));
        return;
      }
    }
  }

  private static boolean hasRows(TensorSlot tensor, int rows) {
    return tensor.rank() > 0 && tensor.size(0) == rows && tensor.dimOrder()[0] == 0;
  }

  private static void copyRows(TensorSlot source, TensorSlot target, int[] rowMap) {
    long rowBytes = source.nbytes() / rowMap.length;
    MemorySegment data = source.data();
    if (source.data().address() != target.data().address()) {
      copyRows(data, target, rowMap, rowBytes);
      return;
    }
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment copy = scratch.allocate(Math.max(1, source.nbytes()));
      MemorySegment.copy(data, 0, copy, 0, source.nbytes());
      copyRows(copy, target, rowMap, rowBytes);
    }
  }

  private static void copyRows(
      MemorySegment source, TensorSlot target, int[] rowMap, long rowBytes) {
    for (int row = 0; row < rowMap.length; row++) {
      MemorySegment.copy(source, rowMap[row] * rowBytes, target.data(), row * rowBytes, rowBytes);
    }
  }
}
