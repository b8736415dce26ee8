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
  private final boolean[] asked;

  SlotArguments(OperatorSchema schema, OperatorCall call) {
    this.schema = schema;
    this.call = call;
    this.asked = new boolean[call.size()];
  }

  /** Returns whether a rule has looked at the value of an argument. */
  boolean wasAsked(int position) {
    return asked[position];
  }

  private OperatorCall ask(int position) {
    asked[position] = true;
    return call;
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
    return spec(ask(position).tensor(position));
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
    TensorListSlot list = ask(position).tensors(position);
    List<Optional<TensorSpec>> specs = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      specs.add(Optional.ofNullable(list.getOptional(i)).map(SlotArguments::spec));
    }
    return specs;
  }

  @Override
  public long integer(int position) {
    return ask(position).scalar(position).longValue();
  }

  @Override
  public long[] integers(int position) {
    return ask(position).ints(position).toArray();
  }

  @Override
  public double[] reals(int position) {
    double[] values = new double[ask(position).doubles(position).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ask(position).doubles(position).get(i);
    }
    return values;
  }

  @Override
  public boolean bool(int position) {
    return ask(position).scalar(position).boolValue();
  }

  @Override
  public double real(int position) {
    return ask(position).scalar(position).toDouble();
  }

  @Override
  public DType scalarType(int position) {
    return switch (ask(position).scalar(position).kind()) {
      case INT -> DType.INT64;
      case DOUBLE -> DType.FLOAT64;
      case BOOL -> DType.BOOL;
    };
  }

  @Override
  public DType dtype(int position) {
    int code = ask(position).scalar(position).intValue();
    return DType.ofCode(code)
        .orElseThrow(() -> OperatorFailure.of("expected the code of a dtype, found %d", code));
  }
}
