package dev.sconce.format.pte;

import dev.sconce.format.Blob;
import dev.sconce.format.Ints;
import dev.sconce.format.flatbuffer.FlatBufferBuilder;
import dev.sconce.format.flatbuffer.TableBuilder;
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
import dev.sconce.format.pte.PteValue.StringValue;
import dev.sconce.format.pte.PteValue.TensorListValue;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Turns records into the tables of {@code program.fbs}: the mirror image of {@link PteReader}.
 *
 * <p>Vectors that the C++ loader dereferences are written even if they are empty. Fields that
 * younger schemas added are left out if they say nothing, so that old runtimes read the result.
 */
final class PteEncoder {

  /** What the schema forces for constants and delegate data inside the table. */
  private static final int DATA_ALIGNMENT = 16;

  private final FlatBufferBuilder builder = new FlatBufferBuilder();

  private PteEncoder() {}

  /** Returns the table, with room for the header, whose bytes are left zero. */
  static MemorySegment encode(PteProgram program) {
    PteEncoder encoder = new PteEncoder();
    int root = encoder.program(program);
    // The header is padded to the strictest alignment that the schema forces.
    int reserved = program.header() == HeaderForm.NONE ? 0 : HeaderForm.FULL.length();
    return encoder.builder.finish(root, PteReader.IDENTIFIER, reserved);
  }

  private int program(PteProgram program) {
    TableBuilder table =
        builder
            .table()
            .i32(0, program.version())
            .ref(1, builder.vector(program.plans(), this::plan))
            .ref(2, builder.vector(program.inlineConstants(), this::data))
            .ref(3, builder.vector(program.inlineDelegateData(), this::data))
            .ref(4, builder.vector(program.segments(), this::segment));
    SubsegmentOffsets constants = program.constantSegment();
    if (constants != null) {
      table.ref(5, subsegments(constants));
    }
    if (!program.mutableDataSegments().isEmpty()) {
      table.ref(6, builder.vector(program.mutableDataSegments(), this::subsegments));
    }
    if (!program.namedData().isEmpty()) {
      table.ref(7, builder.vector(program.namedData(), this::namedData));
    }
    return table.end();
  }

  private int data(Blob data) {
    return builder.table().ref(0, builder.bytes(data.memory(), DATA_ALIGNMENT)).end();
  }

  private int segment(DataSegment segment) {
    return builder.table().i64(0, segment.offset()).i64(1, segment.size()).end();
  }

  private int subsegments(SubsegmentOffsets subsegments) {
    return builder
        .table()
        .i32(0, subsegments.segmentIndex())
        .ref(1, builder.i64s(subsegments.offsets().toLongArray()))
        .end();
  }

  private int namedData(NamedData data) {
    return builder.table().ref(0, builder.string(data.key())).i32(1, data.segmentIndex()).end();
  }

  private int plan(ExecutionPlan plan) {
    TableBuilder table = builder.table().ref(0, builder.string(plan.name()));
    ContainerMetadata metadata = plan.containerMetadata();
    if (metadata != null) {
      table.ref(1, containerMetadata(metadata));
    }
    table
        .ref(2, builder.vector(plan.values(), this::value))
        .ref(3, ints(plan.inputs()))
        .ref(4, ints(plan.outputs()))
        .ref(5, builder.vector(plan.chains(), this::chain))
        .ref(6, builder.vector(plan.operators(), this::operator))
        .ref(7, builder.vector(plan.delegates(), this::delegate))
        .ref(8, builder.i64s(plan.plannedBufferSizes().toLongArray()));
    if (!plan.plannedBufferDevices().isEmpty()) {
      table.ref(9, builder.vector(plan.plannedBufferDevices(), this::bufferDevice));
    }
    return table.end();
  }

  private int containerMetadata(ContainerMetadata metadata) {
    TableBuilder table = builder.table();
    optional(table, 0, metadata.encodedInput());
    optional(table, 1, metadata.encodedOutput());
    return table.end();
  }

  private int operator(OperatorRef operator) {
    return builder
        .table()
        .ref(0, builder.string(operator.name()))
        .ref(1, builder.string(operator.overload()))
        .end();
  }

  private int delegate(BackendDelegate delegate) {
    int processed =
        builder.table().i8(0, delegate.location().code()).i32(1, delegate.index()).end();
    return builder
        .table()
        .ref(0, builder.string(delegate.id()))
        .ref(1, processed)
        .ref(2, builder.vector(delegate.compileSpecs(), this::compileSpec))
        .end();
  }

  private int compileSpec(CompileSpec spec) {
    return builder
        .table()
        .ref(0, builder.string(spec.key()))
        .ref(1, builder.bytes(spec.value().memory()))
        .end();
  }

  private int bufferDevice(BufferDevice device) {
    return builder
        .table()
        .i32(0, device.bufferIndex())
        .i8(1, device.deviceType())
        .i8(2, device.deviceIndex())
        .end();
  }

  private int chain(Chain chain) {
    TableBuilder table =
        builder
            .table()
            .ref(0, ints(chain.inputs()))
            .ref(1, ints(chain.outputs()))
            .ref(2, builder.vector(chain.instructions(), this::instruction));
    if (!chain.stackTraces().isEmpty()) {
      table.ref(3, builder.vector(chain.stackTraces(), this::stackTrace));
    }
    return table.end();
  }

  private int stackTrace(StackTrace trace) {
    return builder.table().ref(0, builder.vector(trace.frames(), this::frame)).end();
  }

  private int frame(StackTrace.Frame frame) {
    TableBuilder table = builder.table().i32(1, frame.line());
    optional(table, 0, frame.filename());
    optional(table, 2, frame.function());
    optional(table, 3, frame.context());
    return table.end();
  }

  private int instruction(Instruction instruction) {
    return switch (instruction) {
      case KernelCall(int operator, Ints args) ->
          union(1, builder.table().i32(0, operator).ref(1, ints(args)).end());
      case DelegateCall(int delegate, Ints args) ->
          union(2, builder.table().i32(0, delegate).ref(1, ints(args)).end());
      case MoveCall(int from, int to) -> union(3, builder.table().i32(0, from).i32(1, to).end());
      case JumpFalseCall(int condition, int destination) ->
          union(4, builder.table().i32(0, condition).i32(1, destination).end());
      case FreeCall(int value) -> union(5, builder.table().i32(0, value).end());
    };
  }

  private int value(PteValue value) {
    return switch (value) {
      case NullValue() -> union(1, builder.table().end());
      case IntValue(long number) -> union(2, builder.table().i64(0, number).end());
      case BoolValue(boolean bool) -> union(3, builder.table().bool(0, bool).end());
      case DoubleValue(double number) -> union(4, builder.table().f64(0, number).end());
      case TensorValue tensor -> union(5, tensor(tensor));
      case StringValue(String text) -> list(6, builder.string(text));
      case IntListValue list -> list(7, builder.i64s(list.items().toLongArray()));
      case DoubleListValue list ->
          list(8, builder.f64s(list.items().stream().mapToDouble(item -> item).toArray()));
      case BoolListValue list -> list(9, builder.bools(list.items()));
      case TensorListValue list -> list(10, ints(list.items()));
      case OptionalTensorListValue list -> list(11, ints(list.items()));
    };
  }

  /** Writes a value whose table holds one vector or string. */
  private int list(int type, int position) {
    return union(type, builder.table().ref(0, position).end());
  }

  private int union(int type, int position) {
    return builder.table().i8(0, type).ref(1, position).end();
  }

  private int tensor(TensorValue tensor) {
    TableBuilder table =
        builder
            .table()
            .i8(0, tensor.dtype().code())
            .i32(1, tensor.storageOffset())
            .ref(2, ints(tensor.sizes()))
            .ref(3, builder.u8s(tensor.dimOrder().toIntArray()))
            .bool(4, tensor.requiresGrad())
            .i32(5, tensor.dataBufferIndex())
            .i8(7, tensor.layout())
            .i8(8, tensor.dynamism().code());
    Allocation allocation = tensor.allocation();
    if (allocation != null) {
      table.ref(6, allocation(allocation));
    }
    ExtraTensorInfo extra = tensor.extra();
    if (extra != null) {
      table.ref(9, extra(extra));
    }
    return table.end();
  }

  private int allocation(Allocation allocation) {
    return builder
        .table()
        .i32(0, allocation.memoryId())
        .i32(1, allocation.offset())
        .i32(2, allocation.offset() >>> Integer.SIZE)
        .end();
  }

  private int extra(ExtraTensorInfo extra) {
    TableBuilder table = builder.table().i64(0, extra.mutableDataSegmentsIndex());
    optional(table, 1, extra.fullyQualifiedName());
    return table
        .i8(2, extra.location().code())
        .i8(3, extra.deviceType())
        .i8(4, extra.deviceIndex())
        .end();
  }

  private int ints(Ints values) {
    return builder.i32s(values.toIntArray());
  }

  private void optional(TableBuilder table, int field, @Nullable String text) {
    if (text != null) {
      table.ref(field, builder.string(text));
    }
  }
}
