package dev.sconce.runtime.internal.operator.element;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A window onto a tensor: where it starts, its sizes, and what a step in each dimension adds.
 * Slicing, permuting, stretching and flipping are arithmetic on these numbers; then one copy moves
 * the elements. Most operators that rearrange are a window and a copy.
 *
 * <p>Immutable, as far as the tensor keeps its size.
 */
public final class View {

  private final DType type;
  private final MemorySegment memory;
  private final long offset;
  private final long[] sizes;
  private final long[] strides;

  private View(DType type, MemorySegment memory, long offset, long[] sizes, long[] strides) {
    this.type = type;
    this.memory = memory;
    this.offset = offset;
    this.sizes = sizes;
    this.strides = strides;
  }

  /** Returns a whole tensor. */
  public static View of(TensorSlot tensor) {
    return new View(
        tensor.dtype(),
        Elements.memoryOf(tensor),
        0,
        Layouts.sizes(tensor),
        Layouts.strides(tensor));
  }

  /** Returns the sizes; not to be written to. */
  public long[] sizes() {
    return sizes;
  }

  /** Returns the same elements of memory, seen through other sizes and strides. */
  public View as(long[] newSizes, long[] newStrides) {
    return new View(type, memory, offset, newSizes, newStrides);
  }

  /** Returns the part with indices {@code start, start + step, …} in one dimension. */
  public View slice(int dim, long start, long length, long step) {
    long[] newSizes = sizes.clone();
    long[] newStrides = strides.clone();
    newSizes[dim] = length;
    newStrides[dim] = strides[dim] * step;
    return new View(type, memory, offset + start * strides[dim], newSizes, newStrides);
  }

  /** Returns the part with one index in one dimension, without that dimension. */
  public View select(int dim, long index) {
    return new View(
        type, memory, offset + index * strides[dim], without(sizes, dim), without(strides, dim));
  }

  /** Returns this with a further dimension of a given size and stride before another. */
  public View insert(int dim, long size, long stride) {
    return new View(type, memory, offset, with(sizes, dim, size), with(strides, dim, stride));
  }

  /** Returns this with its dimensions in another order. */
  public View permute(int... order) {
    long[] newSizes = new long[order.length];
    long[] newStrides = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      newSizes[i] = sizes[order[i]];
      newStrides[i] = strides[order[i]];
    }
    return as(newSizes, newStrides);
  }

  /** Returns this walked backwards in one dimension. */
  public View flip(int dim) {
    return sizes[dim] == 0 ? this : slice(dim, sizes[dim] - 1, sizes[dim], -1);
  }

  /** Returns this stretched to sizes to which it expands. */
  public View expand(long... to) {
    long[] newStrides = new long[to.length];
    int added = to.length - sizes.length;
    for (int i = 0; i < sizes.length; i++) {
      newStrides[added + i] = sizes[i] == to[added + i] ? strides[i] : 0;
    }
    return as(to.clone(), newStrides);
  }

  /** Returns the stride of a dimension. */
  public long stride(int dim) {
    return strides[dim];
  }

  /** Returns the elements that offsets count in. */
  public Elements elements() {
    return Elements.of(type, memory);
  }

  /** Walks over this, a row at a time. */
  public void walk(Walk.Row row) {
    new Walk(sizes, strides).runFrom(new long[] {offset}, row);
  }

  /** Copies all elements to a window of the same sizes, converting if the types differ. */
  public void copyTo(View target) {
    Walk walk = new Walk(target.sizes, target.strides, strides);
    long[] offsets = {target.offset, offset};
    if (type == target.type) {
      walk.runFrom(offsets, mover(target));
    } else {
      walk.runFrom(offsets, converter(target));
    }
  }

  /** Stores one number in all elements. */
  public void fill(Fill value) {
    Elements elements = elements();
    walk(
        (offsets, steps, count) -> {
          for (long i = 0, at = offsets[0]; i < count; i++, at += steps[0]) {
            value.store(elements, at);
          }
        });
  }

  /** Stores a number in all elements that does not depend on where they are. */
  public void fillEvenly(Fill value) {
    Elements elements = elements();
    int size = type.size();
    walk(
        (offsets, steps, count) -> {
          long done = steps.length > 0 && steps[0] == 1 ? 1 : count;
          for (long i = 0, at = offsets[0]; i < done; i++, at += steps[0]) {
            value.store(elements, at);
          }
          long start = offsets[0] * size;
          for (; done < count; done *= 2) {
            long bytes = Math.min(done, count - done) * size;
            MemorySegment.copy(memory, start, memory, start + done * size, bytes);
          }
        });
  }

  /** Stores a number in an element. */
  @FunctionalInterface
  public interface Fill {
    /** Stores it. */
    void store(Elements elements, long index);
  }

  private Walk.Row mover(View target) {
    MemorySegment from = memory;
    MemorySegment to = target.memory;
    int size = type.size();
    Walk.Row single =
        switch (size) {
          case 1 ->
              (offsets, steps, count) -> {
                for (long i = 0, t = offsets[0], f = offsets[1]; i < count; i++) {
                  to.set(ValueLayout.JAVA_BYTE, t, from.get(ValueLayout.JAVA_BYTE, f));
                  t += steps[0];
                  f += steps[1];
                }
              };
          case 2 ->
              (offsets, steps, count) -> {
                for (long i = 0, t = offsets[0], f = offsets[1]; i < count; i++) {
                  to.set(
                      ValueLayout.JAVA_SHORT_UNALIGNED,
                      t << 1,
                      from.get(ValueLayout.JAVA_SHORT_UNALIGNED, f << 1));
                  t += steps[0];
                  f += steps[1];
                }
              };
          case 4 ->
              (offsets, steps, count) -> {
                for (long i = 0, t = offsets[0], f = offsets[1]; i < count; i++) {
                  to.set(
                      ValueLayout.JAVA_INT_UNALIGNED,
                      t << 2,
                      from.get(ValueLayout.JAVA_INT_UNALIGNED, f << 2));
                  t += steps[0];
                  f += steps[1];
                }
              };
          case 8 ->
              (offsets, steps, count) -> {
                for (long i = 0, t = offsets[0], f = offsets[1]; i < count; i++) {
                  to.set(
                      ValueLayout.JAVA_LONG_UNALIGNED,
                      t << 3,
                      from.get(ValueLayout.JAVA_LONG_UNALIGNED, f << 3));
                  t += steps[0];
                  f += steps[1];
                }
              };
          default ->
              (offsets, steps, count) -> {
                for (long i = 0; i < count; i++) {
                  long t = (offsets[0] + i * steps[0]) * size;
                  long f = (offsets[1] + i * steps[1]) * size;
                  MemorySegment.copy(from, f, to, t, size);
                }
              };
        };
    return (offsets, steps, count) -> {
      if (count > 1 && (steps[0] != 1 || steps[1] != 1)) {
        single.run(offsets, steps, count);
      } else {
        MemorySegment.copy(from, offsets[1] * size, to, offsets[0] * size, count * size);
      }
    };
  }

  private Walk.Row converter(View target) {
    Elements from = elements();
    Elements to = target.elements();
    boolean integer = Arithmetic.of(type) == Arithmetic.INTEGER;
    return (offsets, steps, count) -> {
      for (long i = 0, t = offsets[0], f = offsets[1]; i < count; i++) {
        if (integer) {
          to.setLong(t, from.getLong(f));
        } else {
          to.setDouble(t, from.getDouble(f));
        }
        t += steps[0];
        f += steps[1];
      }
    };
  }

  private static long[] without(long[] values, int index) {
    long[] result = new long[values.length - 1];
    System.arraycopy(values, 0, result, 0, index);
    System.arraycopy(values, index + 1, result, index, result.length - index);
    return result;
  }

  private static long[] with(long[] values, int index, long value) {
    long[] result = new long[values.length + 1];
    System.arraycopy(values, 0, result, 0, index);
    result[index] = value;
    System.arraycopy(values, index, result, index + 1, values.length - index);
    return result;
  }
}
