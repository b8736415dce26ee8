package dev.sconce.runtime;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.memory.ElementAccess;
import java.util.Arrays;
import java.util.Locale;

/** Tensors for people: type, shape, and the elements at the edges of every dimension. */
final class TensorPrinter {

  // Dimensions longer than twice this show their edges only.
  private static final int EDGE = 3;
  private static final long SHOW_ALL_UP_TO = 64;

  private final Tensor tensor;
  private final boolean all;
  private final StringBuilder text = new StringBuilder();

  private TensorPrinter(Tensor tensor) {
    this.tensor = tensor;
    this.all = tensor.numel() <= SHOW_ALL_UP_TO;
  }

  static String print(Tensor tensor) {
    String head = tensor.dtype() + Arrays.toString(tensor.shape());
    if (!isPrintable(tensor.dtype())) {
      return head;
    }
    TensorPrinter printer = new TensorPrinter(tensor);
    printer.append(new long[tensor.rank()], 0);
    return head + (tensor.rank() > 1 ? "\n" : " ") + printer.text;
  }

  private static boolean isPrintable(DType dtype) {
    return dtype.isFloating() || ElementAccess.isIntegral(dtype);
  }

  private void append(long[] index, int dim) {
    if (dim == index.length) {
      text.append(element(index));
      return;
    }
    long size = tensor.size(dim);
    boolean cut = !all && size > 2 * EDGE;
    boolean innermost = dim == index.length - 1;
    String separator = innermost ? ", " : ",\n" + " ".repeat(dim + 1);
    text.append('[');
    for (long i = 0; i < size; i++) {
      if (i > 0) {
        text.append(separator);
      }
      if (cut && i == EDGE) {
        text.append("…").append(separator);
        i = size - EDGE;
      }
      index[dim] = i;
      append(index, dim + 1);
    }
    text.append(']');
  }

  private String element(long[] index) {
    if (tensor.dtype() == DType.BOOL) {
      return tensor.getLong(index) != 0 ? "true" : "false";
    }
    if (tensor.dtype() == DType.UINT64) {
      return Long.toUnsignedString(tensor.getLong(index));
    }
    if (ElementAccess.isIntegral(tensor.dtype())) {
      return Long.toString(tensor.getLong(index));
    }
    double value = tensor.get(index);
    return switch (tensor.dtype()) {
      case FLOAT64 -> Double.toString(value);
      case FLOAT32 -> Float.toString((float) value);
      default -> String.format(Locale.ROOT, "%.4g", value);
    };
  }
}
