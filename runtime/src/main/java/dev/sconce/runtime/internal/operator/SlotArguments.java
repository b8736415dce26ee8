package dev.sconce.runtime.internal.operator;

import dev.sconce.base.DType;
import dev.sconce.ops.OperatorArguments;
import dev.sconce.ops.OperatorSchema;
import dev.sconce.ops.Shape;
import dev.sconce.ops.TensorSpec;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.slot.TensorListSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The arguments of a running call, as the rules of the catalogue see them. */
final class SlotArguments implements OperatorArguments {

  private final OperatorSchema schema;
  private final OperatorCall call;

  SlotArguments(OperatorSchema schema, OperatorCall call) {
    this.schema = schema;
    this.call = call;
  }

  @Override
  public OperatorSchema schema() {
    return schema;
  }

  @Override
  public boolean isAbsent(int position) {
    return call.isNone(position);
  }

  @Override
  public TensorSpec tensor(int position) {
    return spec(call.tensor(position));
  }

  private static TensorSpec spec(TensorSlot tensor) {
    long[] sizes = new long[tensor.rank()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = tensor.size(i);
    }
    return new TensorSpec(tensor.dtype(), Shape.of(sizes));
  }

  @Override
  public List<Optional<TensorSpec>> tensors(int position) {
    TensorListSlot list = call.tensors(position);
    List<Optional<TensorSpec>> specs = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      specs.add(Optional.ofNullable(list.getOptional(i)).map(SlotArguments::spec));
    }
    return specs;
  }

  @Override
  public long integer(int position) {
    return call.scalar(position).longValue();
  }

  @Override
  public long[] integers(int position) {
    return call.ints(position).toArray();
  }

  @Override
  public double[] reals(int position) {
    double[] values = new double[call.doubles(position).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = call.doubles(position).get(i);
    }
    return values;
  }

  @Override
  public boolean bool(int position) {
    return call.scalar(position).boolValue();
  }

  @Override
  public double real(int position) {
    return call.scalar(position).toDouble();
  }

  @Override
  public DType scalarType(int position) {
    return switch (call.scalar(position).kind()) {
      case INT -> DType.INT64;
      case DOUBLE -> DType.FLOAT64;
      case BOOL -> DType.BOOL;
    };
  }

  @Override
  public DType dtype(int position) {
    int code = call.scalar(position).intValue();
    return DType.ofCode(code)
        .orElseThrow(() -> OperatorFailure.of("expected the code of a dtype, found %d", code));
  }
}
