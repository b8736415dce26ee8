package dev.sconce.format.etdump;

import dev.sconce.format.Blob;
import dev.sconce.format.etdump.EtDump.Allocator;
import dev.sconce.format.etdump.EtDump.Run;
import dev.sconce.format.etdump.EtDumpEvent.AllocationEvent;
import dev.sconce.format.etdump.EtDumpEvent.DebugEvent;
import dev.sconce.format.etdump.EtDumpEvent.Origin;
import dev.sconce.format.etdump.EtDumpEvent.ProfileEvent;
import dev.sconce.format.etdump.EtDumpValue.BoolData;
import dev.sconce.format.etdump.EtDumpValue.DoubleData;
import dev.sconce.format.etdump.EtDumpValue.FloatData;
import dev.sconce.format.etdump.EtDumpValue.IntData;
import dev.sconce.format.etdump.EtDumpValue.NullData;
import dev.sconce.format.etdump.EtDumpValue.StringData;
import dev.sconce.format.etdump.EtDumpValue.TensorData;
import dev.sconce.format.etdump.EtDumpValue.TensorListData;
import dev.sconce.format.flatbuffer.FlatBufferBuilder;
import dev.sconce.format.flatbuffer.TableBuilder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Writes an event dump; the counterpart of {@link EtDumpReader}. */
final class EtDumpWriter {

  private final FlatBufferBuilder builder = new FlatBufferBuilder();

  private EtDumpWriter() {}

  static MemorySegment write(EtDump dump) {
    EtDumpWriter writer = new EtDumpWriter();
    int runs = writer.builder.vector(dump.runs(), writer::run);
    int root = writer.builder.table().i32(0, dump.version()).ref(1, runs).end();
    return writer.builder.finishSizePrefixed(root, EtDumpReader.IDENTIFIER);
  }

  private int run(Run run) {
    int events = builder.vector(run.events(), this::event);
    int allocators = builder.vector(run.allocators(), this::allocator);
    TableBuilder table = builder.table();
    text(table, 0, run.name());
    return table.i32(1, run.bundledInputIndex(), -1).ref(2, allocators).ref(3, events).end();
  }

  private int allocator(Allocator allocator) {
    TableBuilder table = builder.table();
    text(table, 0, allocator.name());
    return table.end();
  }

  private int event(EtDumpEvent event) {
    return switch (event) {
      case ProfileEvent profile -> builder.table().ref(0, profile(profile)).end();
      case AllocationEvent(int allocator, long size) -> {
        int allocation = builder.table().i32(0, allocator).i64(1, size).end();
        yield builder.table().ref(1, allocation).end();
      }
      case DebugEvent debug -> builder.table().ref(2, debug(debug)).end();
    };
  }

  private int profile(ProfileEvent event) {
    Origin origin = event.origin();
    TableBuilder table = builder.table();
    text(table, 0, event.name());
    text(table, 4, origin.delegateDebugName());
    Blob metadata = event.delegateMetadata();
    if (metadata != null) {
      table.ref(5, builder.bytes(metadata.memory()));
    }
    return table
        .i32(1, origin.chain())
        .i32(2, origin.instruction(), -1)
        .i32(3, origin.delegateDebugId(), -1)
        .i64(6, event.start())
        .i64(7, event.end())
        .end();
  }

  private int debug(DebugEvent event) {
    Origin origin = event.origin();
    TableBuilder table = builder.table();
    text(table, 5, event.name());
    text(table, 4, origin.delegateDebugName());
    EtDumpValue value = event.value();
    if (value != null) {
      table.ref(2, value(value));
    }
    return table
        .i64(0, origin.chain())
        .i32(1, origin.instruction(), -1)
        .i32(3, origin.delegateDebugId(), -1)
        .end();
  }

  private int value(EtDumpValue value) {
    TableBuilder table = builder.table();
    switch (value.data()) {
      case NullData _ -> {}
      case IntData(long number) -> table.i8(0, 1).ref(3, builder.table().i64(0, number).end());
      case BoolData(boolean bool) -> table.i8(0, 2).ref(6, bool(bool));
      case FloatData(float number) -> table.i8(0, 3).ref(4, builder.table().f32(0, number).end());
      case DoubleData(double number) -> table.i8(0, 4).ref(5, builder.table().f64(0, number).end());
      case TensorData(EtDumpTensor tensor) -> table.i8(0, 5).ref(1, tensor(tensor));
      case TensorListData list -> {
        int tensors = builder.vector(list.tensors(), this::tensor);
        table.i8(0, 6).ref(2, builder.table().ref(0, tensors).end());
      }
      case StringData _ -> table.i8(0, 7);
    }
    Boolean output = value.output();
    if (output != null) {
      table.ref(7, bool(output));
    }
    return table.end();
  }

  private int bool(boolean value) {
    return builder.table().bool(0, value).end();
  }

  private int tensor(EtDumpTensor tensor) {
    int sizes = builder.i64s(tensor.sizes().toLongArray());
    int strides = builder.i64s(tensor.strides().toLongArray());
    return builder
        .table()
        .i8(0, tensor.dtype().code())
        .ref(1, sizes)
        .ref(2, strides)
        .i64(3, tensor.offset())
        .end();
  }

  private void text(TableBuilder table, int field, @Nullable String text) {
    if (text != null) {
      table.ref(field, builder.string(text));
    }
  }
}
