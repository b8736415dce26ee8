package dev.sconce.format.etdump;

import dev.sconce.base.DType;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Blob;
import dev.sconce.format.Longs;
import dev.sconce.format.etdump.EtDump.Allocator;
import dev.sconce.format.etdump.EtDump.Run;
import dev.sconce.format.etdump.EtDumpEvent.AllocationEvent;
import dev.sconce.format.etdump.EtDumpEvent.DebugEvent;
import dev.sconce.format.etdump.EtDumpEvent.Origin;
import dev.sconce.format.etdump.EtDumpEvent.ProfileEvent;
import dev.sconce.format.etdump.EtDumpValue.BoolData;
import dev.sconce.format.etdump.EtDumpValue.Data;
import dev.sconce.format.etdump.EtDumpValue.DoubleData;
import dev.sconce.format.etdump.EtDumpValue.FloatData;
import dev.sconce.format.etdump.EtDumpValue.IntData;
import dev.sconce.format.etdump.EtDumpValue.NullData;
import dev.sconce.format.etdump.EtDumpValue.StringData;
import dev.sconce.format.etdump.EtDumpValue.TensorData;
import dev.sconce.format.etdump.EtDumpValue.TensorListData;
import dev.sconce.format.flatbuffer.FlatBuffer;
import dev.sconce.format.flatbuffer.FlatTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the tables of {@code etdump_schema_flatcc.fbs} into records and verifies them. */
final class EtDumpReader {

  static final String IDENTIFIER = "ED00";

  private EtDumpReader() {}

  static EtDump read(MemoryReader file) {
    FlatTable table = FlatBuffer.ofSizePrefixed(file).root(IDENTIFIER);
    return new EtDump(table.u32(0, "version"), table.tables(1, "run_data", EtDumpReader::run));
  }

  private static Run run(FlatTable table) {
    List<Allocator> allocators =
        table.tables(2, "allocators", t -> new Allocator(t.optionalString(0, "name")));
    return new Run(
        table.optionalString(0, "name"),
        table.i32(1, "bundled_input_index", -1),
        allocators,
        table.tables(3, "events", t -> event(t, allocators.size())));
  }

  private static EtDumpEvent event(FlatTable table, int allocators) {
    FlatTable profile = table.optionalTable(0, "profile_event");
    FlatTable allocation = table.optionalTable(1, "allocation_event");
    FlatTable debug = table.optionalTable(2, "debug_event");
    if (profile != null && allocation == null && debug == null) {
      return profile(profile);
    }
    if (profile == null && allocation != null && debug == null) {
      return allocation(allocation, allocators);
    }
    if (profile == null && allocation == null && debug != null) {
      return debug(debug);
    }
    throw table.malformed(
        0, "profile_event", "exactly one of profile, allocation and debug", "none or several");
  }

  private static ProfileEvent profile(FlatTable table) {
    return new ProfileEvent(
        table.optionalString(0, "name"),
        new Origin(
            table.i32(1, "chain_index"),
            table.i32(2, "instruction_id", -1),
            table.i32(3, "delegate_debug_id_int", -1),
            table.optionalString(4, "delegate_debug_id_str")),
        table.has(5) ? Blob.of(table.bytes(5, "delegate_debug_metadata")) : null,
        table.i64(6, "start_time"),
        table.i64(7, "end_time"));
  }

  private static AllocationEvent allocation(FlatTable table, int allocators) {
    int allocator = table.i32(0, "allocator_id");
    if (allocator < 0 || allocator >= allocators) {
      throw table.malformed(
          0, "allocator_id", "an index below the " + allocators + " allocators", "" + allocator);
    }
    return new AllocationEvent(allocator, table.size64(1, "allocation_size"));
  }

  private static DebugEvent debug(FlatTable table) {
    FlatTable entry = table.optionalTable(2, "debug_entry");
    return new DebugEvent(
        table.optionalString(5, "name"),
        new Origin(
            table.i64(0, "chain_index"),
            table.i32(1, "instruction_id", -1),
            table.i32(3, "delegate_debug_id_int", -1),
            table.optionalString(4, "delegate_debug_id_str")),
        entry == null ? null : value(entry));
  }

  private static EtDumpValue value(FlatTable table) {
    int type = table.i8(0, "val");
    Data data =
        switch (type) {
          case 0 -> new NullData();
          case 1 -> new IntData(table.table(3, "int_value").i64(0, "int_val"));
          case 2 -> new BoolData(table.table(6, "bool_value").bool(0, "bool_val"));
          case 3 -> new FloatData(table.table(4, "float_value").f32(0, "float_val"));
          case 4 -> new DoubleData(table.table(5, "double_value").f64(0, "double_val"));
          case 5 -> new TensorData(tensor(table.table(1, "tensor")));
          case 6 -> tensorList(table.table(2, "tensor_list"));
          case 7 -> new StringData();
          default -> throw table.malformed(0, "val", "a kind of value from 0 to 7", "" + type);
        };
    FlatTable output = table.optionalTable(7, "output");
    @Nullable Boolean isOutput = output == null ? null : output.bool(0, "bool_val");
    return new EtDumpValue(data, isOutput);
  }

  private static TensorListData tensorList(FlatTable table) {
    return new TensorListData(table.tables(0, "tensors", EtDumpReader::tensor));
  }

  private static EtDumpTensor tensor(FlatTable table) {
    int code = table.i8(0, "scalar_type");
    DType dtype =
        DType.ofCode(code)
            .orElseThrow(() -> table.malformed(0, "scalar_type", "a ScalarType", "" + code));
    Longs sizes = Longs.of(table.i64s(1, "sizes"));
    Longs strides = Longs.of(table.i64s(2, "strides"));
    if (strides.size() != sizes.size()) {
      throw table.malformed(2, "strides", "as many as sizes, " + sizes.size(), "" + strides.size());
    }
    return new EtDumpTensor(dtype, sizes, strides, table.i64(3, "offset"));
  }
}
