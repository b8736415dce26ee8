package dev.sconce.format.etdump;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that was noted.
 *
 * @param data the value
 * @param output whether it is an output of the method; null if that was not said
 */
public record EtDumpValue(Data data, @Nullable Boolean output) {

  /** The value itself. */
  public sealed interface Data {}

  /** Nothing. */
  public record NullData() implements Data {}

  /**
   * An integer.
   *
   * @param value the integer
   */
  public record IntData(long value) implements Data {}

  /**
   * A boolean.
   *
   * @param value the boolean
   */
  public record BoolData(boolean value) implements Data {}

  /**
   * A float.
   *
   * @param value the float
   */
  public record FloatData(float value) implements Data {}

  /**
   * A double.
   *
   * @param value the double
   */
  public record DoubleData(double value) implements Data {}

  /**
   * A tensor.
   *
   * @param tensor the tensor
   */
  public record TensorData(EtDumpTensor tensor) implements Data {}

  /**
   * A list of tensors.
   *
   * @param tensors the tensors
   */
  public record TensorListData(List<EtDumpTensor> tensors) implements Data {

    /** Creates the record with a copy of the list. */
    public TensorListData {
      tensors = List.copyOf(tensors);
    }
  }

  /** A string, whose text the format has no place for. */
  public record StringData() implements Data {}
}
