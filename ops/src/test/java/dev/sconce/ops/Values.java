package dev.sconce.ops;

import dev.sconce.base.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Arguments given as plain values: tensors as {@link TensorSpec}, absent ones as null. */
final class Values implements OperatorArguments {

  private final OperatorSchema schema;
  private final Object[] values;

  private Values(OperatorSchema schema, Object... values) {
    this.schema = schema;
    this.values = values;
  }

  static List<TensorSpec> results(String name, Object... values) {
    return ResultRules.standard()
        .find(name)
        .orElseThrow()
        .results(new Values(OperatorCatalogue.standard().get(name), values));
  }

  @Override
  public OperatorSchema schema() {
    return schema;
  }

  @Override
  public boolean isAbsent(int position) {
    return values[position] == null;
  }

  @Override
  public TensorSpec tensor(int position) {
    return (TensorSpec) values[position];
  }

  @Override
  public List<Optional<TensorSpec>> tensors(int position) {
    return Arrays.stream((TensorSpec[]) values[position]).map(Optional::ofNullable).toList();
  }

  @Override
  public long integer(int position) {
    return ((Number) values[position]).longValue();
  }

  @Override
  public long[] integers(int position) {
    return ((long[]) values[position]).clone();
  }

  @Override
  public double[] reals(int position) {
    return (double[]) values[position];
  }

  @Override
  public boolean bool(int position) {
    return (Boolean) values[position];
  }

  @Override
  public double real(int position) {
    return ((Number) values[position]).doubleValue();
  }

  @Override
  public DType scalarType(int position) {
    return switch (values[position]) {
      case Boolean ignored -> DType.BOOL;
      case Double ignored -> DType.FLOAT64;
      default -> DType.INT64;
    };
  }

  @Override
  public DType dtype(int position) {
    return (DType) values[position];
  }
}
