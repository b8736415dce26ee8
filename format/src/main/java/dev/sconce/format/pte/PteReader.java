package dev.sconce.format.pte;

import dev.sconce.base.DType;
import dev.sconce.format.Blob;
import dev.sconce.format.Ints;
import dev.sconce.format.Longs;
import dev.sconce.format.flatbuffer.FlatBuffer;
import dev.sconce.format.flatbuffer.FlatTable;
import dev.sconce.format.pte.BackendDelegate.DataLocation;
import dev.sconce.format.pte.Instruction.DelegateCall;
import dev.sconce.format.pte.Instruction.FreeCall;
import dev.sconce.format.pte.Instruction.JumpFalseCall;
import dev.sconce.format.pte.Instruction.KernelCall;
import dev.sconce.format.pte.Instruction.MoveCall;
import dev.sconce.format.pte.PteValue.Allocation;
import dev.sconce.format.pte.PteValue.BoolListValue;
import dev.sconce.format.pte.PteValue.BoolValue;
import dev.sconce.format.pte.PteValue.DoubleListValue;
import dev.sconce.format.pte.PteValue.DoubleValue;
import dev.sconce.format.pte.PteValue.ExtraTensorInfo;
import dev.sconce.format.pte.PteValue.IntListValue;
import dev.sconce.format.pte.PteValue.IntValue;
import dev.sconce.format.pte.PteValue.NullValue;
import dev.sconce.format.pte.PteValue.OptionalTensorListValue;
import dev.sconce.format.pte.PteValue.ShapeDynamism;
import dev.sconce.format.pte.PteValue.StringValue;
import dev.sconce.format.pte.PteValue.TensorDataLocation;
import dev.sconce.format.pte.PteValue.TensorListValue;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns the tables of {@code program.fbs} into records, one method a table, ids as in the schema.
 */
final class PteReader {

  static final String IDENTIFIER = "ET12";

  private PteReader() {}

  static PteProgram program(FlatBuffer buffer, HeaderForm header) {
    FlatTable table = buffer.root(IDENTIFIER);
    FlatTable constants = table.optionalTable(5, "constant_segment");
    return new PteProgram(
        header,
        table.u32(0, "version"),
        table.tables(1, "execution_plan", PteReader::plan),
        table.tables(2, "constant_buffer", t -> Blob.of(t.bytes(0, "storage"))),
        table.tables(3, "backend_delegate_data", t -> Blob.of(t.bytes(0, "data"))),
        table.tables(4, "segments", PteReader::segment),
        constants == null ? null : subsegments(constants),
        table.tables(6, "mutable_data_segments", PteReader::subsegments),
        table.tables(7, "named_data", PteReader::namedData));
  }

  private static DataSegment segment(FlatTable table) {
    return new DataSegment(table.size64(0, "offset"), table.size64(1, "size"));
  }

  private static SubsegmentOffsets subsegments(FlatTable table) {
    return new SubsegmentOffsets(
        table.index(0, "segment_index"), Longs.of(table.i64s(1, "offsets")));
  }

  private static NamedData namedData(FlatTable table) {
    return new NamedData(table.string(0, "key"), table.index(1, "segment_index"));
  }

  private static ExecutionPlan plan(FlatTable table) {
    FlatTable metadata = table.optionalTable(1, "container_meta_type");
    return new ExecutionPlan(
        table.string(0, "name"),
        metadata == null ? null : containerMetadata(metadata),
        table.tables(2, "values", PteReader::value),
        Ints.of(table.i32s(3, "inputs")),
        Ints.of(table.i32s(4, "outputs")),
        table.tables(5, "chains", PteReader::chain),
        table.tables(6, "operators", PteReader::operator),
        table.tables(7, "delegates", PteReader::delegate),
        Longs.of(table.i64s(8, "non_const_buffer_sizes")),
        table.tables(9, "non_const_buffer_device", PteReader::bufferDevice));
  }

  private static ContainerMetadata containerMetadata(FlatTable table) {
    return new ContainerMetadata(
        table.optionalString(0, "encoded_inp_str"), table.optionalString(1, "encoded_out_str"));
  }

  private static OperatorRef operator(FlatTable table) {
    String overload = table.optionalString(1, "overload");
    return new OperatorRef(table.string(0, "name"), overload == null ? "" : overload);
  }

  private static BackendDelegate delegate(FlatTable table) {
    FlatTable processed = table.table(1, "processed");
    return new BackendDelegate(
        table.string(0, "id"),
        constant(processed, 0, "location", DataLocation.values()),
        processed.index(1, "index"),
        table.tables(2, "compile_specs", PteReader::compileSpec));
  }

  private static CompileSpec compileSpec(FlatTable table) {
    return new CompileSpec(table.string(0, "key"), Blob.of(table.bytes(1, "value")));
  }

  private static BufferDevice bufferDevice(FlatTable table) {
    return new BufferDevice(
        table.i32(0, "buffer_idx"), table.i8(1, "device_type"), table.i8(2, "device_index"));
  }

  private static Chain chain(FlatTable table) {
    return new Chain(
        Ints.of(table.i32s(0, "inputs")),
        Ints.of(table.i32s(1, "outputs")),
        table.tables(2, "instructions", PteReader::instruction),
        table.tables(3, "stacktrace", t -> new StackTrace(t.tables(0, "items", PteReader::frame))));
  }

  private static StackTrace.Frame frame(FlatTable table) {
    return new StackTrace.Frame(
        table.optionalString(0, "filename"),
        table.i32(1, "lineno"),
        table.optionalString(2, "name"),
        table.optionalString(3, "context"));
  }

  private static Instruction instruction(FlatTable table) {
    int type = table.u8(0, "instr_args_type");
    if (type < 1 || type > 5) {
      throw table.malformed(0, "instr_args_type", "an instruction kind from 1 to 5", "" + type);
    }
    FlatTable args = table.table(1, "instr_args");
    return switch (type) {
      case 1 -> new KernelCall(args.i32(0, "op_index"), Ints.of(args.i32s(1, "args")));
      case 2 -> new DelegateCall(args.i32(0, "delegate_index"), Ints.of(args.i32s(1, "args")));
      case 3 -> new MoveCall(args.i32(0, "move_from"), args.i32(1, "move_to"));
      case 4 ->
          new JumpFalseCall(
              args.i32(0, "cond_value_index"), args.i32(1, "destination_instruction"));
      default -> new FreeCall(args.i32(0, "value_index"));
    };
  }

  private static PteValue value(FlatTable table) {
    int type = table.u8(0, "val_type");
    if (type < 1 || type > 11) {
      throw table.malformed(0, "val_type", "a kind of value from 1 to 11", "" + type);
    }
    if (type == 1) {
      return new NullValue(); // the only kind whose table some writers leave out
    }
    FlatTable value = table.table(1, "val");
    return switch (type) {
      case 2 -> new IntValue(value.i64(0, "int_val"));
      case 3 -> new BoolValue(value.bool(0, "bool_val"));
      case 4 -> new DoubleValue(value.f64(0, "double_val"));
      case 5 -> tensor(value);
      case 6 -> new StringValue(value.string(0, "string_val"));
      case 7 -> new IntListValue(Longs.of(value.i64s(0, "items")));
      case 8 -> new DoubleListValue(boxed(value.f64s(0, "items")));
      case 9 -> new BoolListValue(boxed(value.bools(0, "items")));
      case 10 -> new TensorListValue(Ints.of(value.i32s(0, "items")));
      default -> new OptionalTensorListValue(Ints.of(value.i32s(0, "items")));
    };
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static List<Boolean> boxed(boolean[] values) {
    return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
  }

  private static TensorValue tensor(FlatTable table) {
    int code = table.i8(0, "scalar_type");
    DType dtype =
        DType.ofCode(code)
            .orElseThrow(() -> table.malformed(0, "scalar_type", "a ScalarType", "" + code));
    return new TensorValue(
        dtype,
        table.i32(1, "storage_offset"),
        Ints.of(table.i32s(2, "sizes")),
        Ints.of(table.u8s(3, "dim_order")),
        table.bool(4, "requires_grad"),
        table.index(5, "data_buffer_idx"),
        allocation(table.optionalTable(6, "allocation_info")),
        table.i8(7, "layout"),
        constant(table, 8, "shape_dynamism", ShapeDynamism.values()),
        extra(table.optionalTable(9, "extra_tensor_info")));
  }

  private static @Nullable Allocation allocation(@Nullable FlatTable table) {
    if (table == null) {
      return null;
    }
    long offset =
        table.u32(2, "memory_offset_high") << Integer.SIZE | table.u32(1, "memory_offset_low");
    if (offset < 0) {
      throw table.malformed(
          2, "memory_offset_high", "an offset below 2^63", Long.toUnsignedString(offset));
    }
    return new Allocation(table.index(0, "memory_id"), offset);
  }

  private static @Nullable ExtraTensorInfo extra(@Nullable FlatTable table) {
    if (table == null) {
      return null;
    }
    return new ExtraTensorInfo(
        table.size64(0, "mutable_data_segments_idx"),
        table.optionalString(1, "fully_qualified_name"),
        constant(table, 2, "location", TensorDataLocation.values()),
        table.i8(3, "device_type"),
        table.i8(4, "device_index"));
  }

  /** Returns the enum constant whose code a field holds. */
  private static <E extends Enum<E> & SchemaEnum> E constant(
      FlatTable table, int field, String name, E[] constants) {
    int code = table.i8(field, name);
    for (E constant : constants) {
      if (constant.code() == code) {
        return constant;
      }
    }
    String known =
        Arrays.stream(constants)
            .map(constant -> constant.code() + " (" + constant + ")")
            .collect(Collectors.joining(", "));
    throw table.malformed(field, name, "one of " + known, "" + code);
  }
}
