package dev.sconce.cli.internal.inspect;

import dev.sconce.base.DType;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonValue;
import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Column;
import dev.sconce.cli.internal.report.Printable;
import dev.sconce.cli.internal.report.Section;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.BoolValue;
import dev.sconce.format.pte.PteValue.DataSource;
import dev.sconce.format.pte.PteValue.DoubleValue;
import dev.sconce.format.pte.PteValue.IntValue;
import dev.sconce.format.pte.PteValue.StringValue;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The methods that compute nothing: constants under a name, by which programs describe themselves.
 */
public final class Getters {

  /** More outputs of one getter, and more text of one string, are counted but not shown. */
  private static final int MAX_OUTPUTS = 1000;

  private static final int MAX_STRING = 4096;
  private static final int SHOWN = 100;
  private static final int MAX_ELEMENTS = 16;

  private Getters() {}

  /** Returns whether a method has neither inputs nor instructions. */
  public static boolean isGetter(ExecutionPlan plan) {
    return plan.inputs().isEmpty()
        && plan.chains().stream().map(Chain::instructions).allMatch(List::isEmpty);
  }

  /** Returns a table of getters and their values. */
  static Rows rows(PteFile file, List<ExecutionPlan> getters) {
    Section.Builder rows =
        Rows.of(
            "metadata",
            "metadata (methods that return constants)",
            Column.of("name", "name"),
            Column.of("type", "type"),
            Column.of("values", "value"),
            Column.json("outputs"));
    for (ExecutionPlan getter : getters) {
      List<Cell> values =
          getter
              .outputs()
              .ints()
              .limit(MAX_OUTPUTS)
              .mapToObj(i -> value(file, getter.values().get(i)))
              .toList();
      rows.row(
          Cell.of(getter.name()),
          Cell.of(
              getter
                  .outputs()
                  .ints()
                  .limit(MAX_OUTPUTS)
                  .mapToObj(i -> Values.type(getter.values().get(i)))
                  .distinct()
                  .collect(Collectors.joining(", "))),
          new Cell(
              Printable.shortened(
                  values.stream().map(Cell::text).collect(Collectors.joining(", ")), SHOWN),
              new JsonArray(values.stream().map(Cell::json).toList())),
          Cell.of(getter.outputs().size()));
    }
    return rows.build();
  }

  /** Returns a value as a scalar, or what is worth showing of a tensor. */
  public static Cell value(PteFile file, PteValue value) {
    return switch (value) {
      case IntValue(long number) -> Cell.of(number);
      case BoolValue(boolean flag) -> Cell.of(flag).shown(Boolean.toString(flag));
      case DoubleValue(double number) -> Cell.of(number);
      case StringValue(String text) -> string(text);
      case TensorValue tensor -> tensor(file, tensor);
      case PteValue.NullValue() -> Cell.none().shown("None");
      case PteValue.IntListValue _,
          PteValue.DoubleListValue _,
          PteValue.BoolListValue _,
          PteValue.TensorListValue _,
          PteValue.OptionalTensorListValue _ ->
          Cell.of(Values.kind(value));
    };
  }

  private static Cell string(String text) {
    Cell cell = Cell.of(Printable.shortened(text, MAX_STRING));
    return cell.shown('"' + Printable.shortened(text, SHOWN) + '"');
  }

  /** Small tensors show their elements, tensors of bytes the text they are, if they are one. */
  private static Cell tensor(PteFile file, TensorValue tensor) {
    Cell type = Cell.of(Values.type(tensor));
    if (tensor.dataSource() != DataSource.CONSTANT || tensor.byteSize() == 0) {
      return type;
    }
    MemorySegment data = file.constant(tensor.dataBufferIndex(), tensor.byteSize());
    if (tensor.elementCount() <= MAX_ELEMENTS && tensor.dtype() != DType.UINT8) {
      return elements(tensor, data, type);
    }
    if (tensor.dtype() != DType.UINT8) {
      return type;
    }
    // A piece may end inside of a character, which is then left out.
    CharBuffer text = CharBuffer.allocate(MAX_STRING);
    byte[] head =
        data.asSlice(0, Math.min(data.byteSize(), MAX_STRING)).toArray(ValueLayout.JAVA_BYTE);
    CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(head), text, false);
    if (result.isError()) {
      return type;
    }
    String beginning = text.flip().toString();
    return Cell.of(beginning)
        .shown("%s \"%s\"".formatted(type.text(), Printable.shortened(beginning, SHOWN)));
  }

  private static Cell elements(TensorValue tensor, MemorySegment data, Cell type) {
    List<Cell> elements = new ArrayList<>();
    for (int i = 0; i < tensor.elementCount(); i++) {
      switch (tensor.dtype()) {
        case INT64 -> elements.add(Cell.of(data.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i)));
        case INT32 -> elements.add(Cell.of(data.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i)));
        case FLOAT32 ->
            elements.add(
                Cell.of(
                    Double.parseDouble(
                        Float.toString(data.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i)))));
        case FLOAT64 ->
            elements.add(Cell.of(data.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i)));
        case BOOL -> elements.add(Cell.of(data.get(ValueLayout.JAVA_BYTE, i) != 0));
        default -> {
          return type; // rarely a getter's: the type says enough
        }
      }
    }
    List<JsonValue> json = elements.stream().map(Cell::json).toList();
    return new Cell(
        elements.stream().map(Cell::text).collect(Collectors.joining(", ", "[", "]")),
        new JsonArray(json));
  }
}
