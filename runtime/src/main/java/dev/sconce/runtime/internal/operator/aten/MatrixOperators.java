package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.kernels.BatchShape;
import dev.sconce.kernels.BinaryFunction;
import dev.sconce.kernels.Clamp;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Arithmetic;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.FloatKernels;
import dev.sconce.runtime.internal.operator.element.Floats;
import dev.sconce.runtime.internal.operator.element.Layouts;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import org.jspecify.annotations.Nullable;

/** Products of matrices. */
public final class MatrixOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.add(
        "aten::mm.out",
        call -> {
          TensorSlot self = call.tensor(0);
          TensorSlot other = call.tensor(1);
          TensorSlot out = call.tensor(2);
          requireOneType(call, self, other, out);
          return context -> {
            if (!multiplyFloats(call, self, other, false, out)) {
              new Product(self, other, out).run(0, 0, 0, matrixStrides(other, 0, 1));
            }
          };
        });
    table.add(
        "aten::bmm.out",
        call -> {
          TensorSlot self = call.tensor(0);
          TensorSlot other = call.tensor(1);
          TensorSlot out = call.tensor(2);
          requireOneType(call, self, other, out);
          return context -> {
            if (multiplyFloats(call, self, other, false, out)) {
              return;
            }
            Product product = new Product(self, other, out);
            for (int i = 0; i < self.size(0); i++) {
              product.run(
                  i * self.stride(0),
                  i * other.stride(0),
                  i * out.stride(0),
                  matrixStrides(other, 1, 2));
            }
          };
        });
    table.add("aten::addmm.out", MatrixOperators::bindAddmm);
    table.add("aten::linear.out", MatrixOperators::bindLinear);
  }

  private static void requireOneType(OperatorCall call, TensorSlot... tensors) {
    for (int i = 1; i < tensors.length; i++) {
      if (tensors[i].dtype() != tensors[0].dtype()) {
        throw call.site()
            .malformedArgument(
                i, "elements of " + tensors[0].dtype(), tensors[i].dtype().toString());
      }
    }
  }

  /** The strides of the rows and columns of the right operand. */
  private record Strides(long row, long column) {}

  private static Strides matrixStrides(TensorSlot tensor, int row, int column) {
    return new Strides(tensor.stride(row), tensor.stride(column));
  }

  private static Step bindAddmm(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    TensorSlot mat1 = call.tensor(1);
    TensorSlot mat2 = call.tensor(2);
    ScalarSlot beta = call.scalar(3);
    ScalarSlot alpha = call.scalar(4);
    TensorSlot out = call.tensor(5);
    requireOneType(call, self, mat1, mat2, out);
    return context -> {
      if (alpha.toDouble() == 1
          && addsFloats(self, beta, out)
          && multiplyFloats(call, mat1, mat2, false, out)) {
        addFloats(call, self, beta, out);
        return;
      }
      Product product = new Product(mat1, mat2, out);
      product.alpha = alpha;
      product.add(self, beta);
      product.run(0, 0, 0, matrixStrides(mat2, 0, 1));
    };
  }

  private static Step bindLinear(OperatorCall call) {
    TensorSlot input = call.tensor(0);
    TensorSlot weight = call.tensor(1);
    TensorSlot bias = call.optionalTensor(2);
    TensorSlot out = call.tensor(3);
    requireOneType(call, input, weight, out);
    ScalarSlot one = ScalarSlot.of(1);
    return context -> {
      if ((bias == null || addsFloats(bias, one, out))
          && multiplyFloats(call, input, weight, true, out)) {
        if (bias != null) {
          addFloats(call, bias, one, out);
        }
        return;
      }
      Product product = new Product(input, weight, out);
      if (bias != null) {
        product.add(bias, one);
      }
      // The weight is stored transposed: its rows are the columns of the right operand.
      product.run(0, 0, 0, matrixStrides(weight, 1, 0));
    };
  }

  /**
   * Multiplies by kernels, if they take the operands: a batch if the right operand is one,
   * otherwise all leading dimensions of the left operand are rows.
   */
  private static boolean multiplyFloats(
      OperatorCall call, TensorSlot left, TensorSlot right, boolean transposed, TensorSlot out) {
    if (!Floats.areRowMajor(left, right, out)) {
      return false;
    }
    int batch = right.rank() == 3 ? right.size(0) : 1;
    int inputs = left.size(left.rank() - 1);
    int columns = out.size(out.rank() - 1);
    int rows = Math.toIntExact(left.numel() / batch / inputs);
    call.kernels()
        .matrixProducts()
        .multiplyBatch(
            BatchShape.of(batch, rows, inputs, columns, transposed),
            Elements.memoryOf(left),
            Elements.memoryOf(right),
            Elements.memoryOf(out),
            Clamp.NONE);
    return true;
  }

  /** Whether what is added to a product can be added to it afterwards. */
  private static boolean addsFloats(TensorSlot added, ScalarSlot factor, TensorSlot out) {
    return factor.toDouble() == 0
        || (factor.toDouble() == 1
            && (added.rank() < 2 || out.rank() == 2)
            && Floats.areRowMajor(added)
            && Elements.memoryOf(added).asOverlappingSlice(Elements.memoryOf(out)).isEmpty());
  }

  private static void addFloats(
      OperatorCall call, TensorSlot added, ScalarSlot factor, TensorSlot out) {
    if (factor.toDouble() != 0) {
      FloatKernels.apply(call.kernels(), BinaryFunction.ADD, out, added, out);
    }
  }

  /**
   * {@code beta · added + alpha · (left · right)}; leading dimensions of the left operand count as
   * rows.
   */
  private static final class Product {
    private final TensorSlot left;
    private final TensorSlot right;
    private final TensorSlot out;
    private ScalarSlot alpha = ScalarSlot.of(1);
    private ScalarSlot beta = ScalarSlot.of(0);
    private @Nullable TensorSlot added;

    Product(TensorSlot left, TensorSlot right, TensorSlot out) {
      this.left = left;
      this.right = right;
      this.out = out;
    }

    void add(TensorSlot tensor, ScalarSlot factor) {
      added = tensor;
      beta = factor;
    }

    void run(long leftOffset, long rightOffset, long outOffset, Strides strides) {
      int last = left.rank() - 1;
      int k = left.size(last);
      int n = out.size(out.rank() - 1);
      boolean batched = left.rank() == 3 && right.rank() == 3;
      int m = batched ? left.size(1) : k == 0 ? rows(out) : (int) (left.numel() / k);
      boolean matrix = batched || left.rank() == 2;
      Matrix a =
          new Matrix(
              Elements.of(left),
              left.dtype(),
              leftOffset,
              matrix ? left.stride(last - 1) : k,
              left.stride(last));
      Matrix b =
          new Matrix(Elements.of(right), right.dtype(), rightOffset, strides.row, strides.column);
      long rowStride = matrix ? out.stride(out.rank() - 2) : n;
      long columnStride = out.stride(out.rank() - 1);
      Elements target = Elements.of(out);
      Sum sum = new Sum(added, out, beta);
      if (Arithmetic.of(out.dtype()) == Arithmetic.INTEGER) {
        long factor = alpha.toLong();
        Matrix.multiplyIntegers(
            a,
            b,
            m,
            k,
            n,
            (row, values) -> {
              for (int column = 0; column < n; column++) {
                target.setLong(
                    outOffset + row * rowStride + column * columnStride,
                    sum.integer(row, column) + factor * values[column]);
              }
            });
        return;
      }
      double factor = alpha.toDouble();
      Matrix.multiply(
          a,
          b,
          m,
          k,
          n,
          (row, values) -> {
            for (int column = 0; column < n; column++) {
              target.setDouble(
                  outOffset + row * rowStride + column * columnStride,
                  sum.real(row, column) + factor * values[column]);
            }
          });
    }

    private static int rows(TensorSlot out) {
      int last = out.size(out.rank() - 1);
      return last == 0 ? 0 : (int) (out.numel() / last);
    }
  }

  /** What is added to a product: a tensor stretched to its shape, times a factor. */
  private static final class Sum {
    private final @Nullable Elements elements;
    private final long rowStride;
    private final long columnStride;
    private final ScalarSlot factor;

    Sum(@Nullable TensorSlot added, TensorSlot out, ScalarSlot factor) {
      // As in PyTorch, a factor of 0 hides what is added, NaN included.
      boolean counts = added != null && factor.toDouble() != 0 && added.numel() > 0;
      this.elements = counts && added != null ? Elements.of(added) : null;
      long[] strides = counts && added != null ? stretched(added, out) : new long[2];
      this.rowStride = strides[0];
      this.columnStride = strides[1];
      this.factor = factor;
    }

    private static long[] stretched(TensorSlot added, TensorSlot out) {
      long[] all = Layouts.expandedStrides(added, out);
      int rank = all.length;
      return new long[] {rank < 2 || added.rank() < 2 ? 0 : all[rank - 2], all[rank - 1]};
    }

    long integer(int row, int column) {
      return elements == null
          ? 0
          : factor.toLong() * elements.getLong(row * rowStride + column * columnStride);
    }

    double real(int row, int column) {
      return elements == null
          ? 0
          : factor.toDouble() * elements.getDouble(row * rowStride + column * columnStride);
    }
  }
}
