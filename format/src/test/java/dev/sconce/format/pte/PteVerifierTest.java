package dev.sconce.format.pte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sconce.base.DType;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.FieldPath;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Ints;
import dev.sconce.format.Longs;
import dev.sconce.format.pte.BackendDelegate.DataLocation;
import dev.sconce.format.pte.Instruction.DelegateCall;
import dev.sconce.format.pte.Instruction.FreeCall;
import dev.sconce.format.pte.Instruction.JumpFalseCall;
import dev.sconce.format.pte.Instruction.KernelCall;
import dev.sconce.format.pte.Instruction.MoveCall;
import dev.sconce.format.pte.PteValue.BoolValue;
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
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each test breaks one rule of an otherwise valid program, and expects to be told which. */
class PteVerifierTest {

  private static final TensorValue VECTOR = TensorValue.of(DType.FLOAT32, 3);
  private static final String VALUE_0 = "execution_plan[0].values[0].val.";
  private static final String CALL_0 = "execution_plan[0].chains[0].instructions[0].instr_args.";

  /** The bytes of a program, with zeros where its segments are. */
  private static byte[] bytes(PteProgram program) {
    PteLayout layout = PteLayout.of(program);
    byte[] bytes = new byte[Math.toIntExact(layout.fileSize())];
    MemorySegment.copy(
        layout.table(), ValueLayout.JAVA_BYTE, 0, bytes, 0, (int) layout.table().byteSize());
    return bytes;
  }

  private static void accepts(PteProgram program) {
    assertThatCode(() -> PteCases.of("test", bytes(program))).doesNotThrowAnyException();
  }

  private static void rejects(PteProgram program, String path, String expected, String found) {
    byte[] bytes = bytes(program);
    assertThatExceptionOfType(MalformedFileException.class)
        .isThrownBy(() -> PteCases.of("test", bytes))
        .satisfies(
            e -> {
              assertThat(e.path()).isEqualTo(path);
              assertThat(e.expected()).contains(expected);
              assertThat(e.found()).contains(found);
              assertThat(e.offset()).as("offset").isBetween(8L, (long) bytes.length);
            });
  }

  /** A method with some values in a buffer of 64 bytes, an operator, a delegate, instructions. */
  private static PteProgram method(List<PteValue> values, Instruction... instructions) {
    ExecutionPlan plan =
        new ExecutionPlan(
            "forward",
            null,
            values,
            Ints.of(),
            Ints.of(),
            List.of(new Chain(Ints.of(), Ints.of(), List.of(instructions), List.of())),
            List.of(new OperatorRef("aten::add", "out")),
            List.of(new BackendDelegate("Some", DataLocation.SEGMENT, 1, List.of())),
            Longs.of(0, 64),
            List.of());
    return program(plan);
  }

  /** A program with segments for constants (two of 16 bytes), a delegate, a state and a name. */
  private static PteProgram program(ExecutionPlan... plans) {
    return new PteProgram(
        HeaderForm.FULL,
        0,
        List.of(plans),
        List.of(),
        List.of(),
        List.of(
            new DataSegment(0, 32),
            new DataSegment(128, 8),
            new DataSegment(256, 4),
            new DataSegment(384, 100)),
        new SubsegmentOffsets(0, Longs.of(0, 0, 16)),
        List.of(new SubsegmentOffsets(2, Longs.of(0, 0))),
        List.of(new NamedData("key", 3)));
  }

  private static ExecutionPlan plan(UnaryOperator<ExecutionPlan> change) {
    return change.apply(method(List.of(new NullValue())).plans().get(0));
  }

  private static PteProgram value(PteValue value) {
    return method(List.of(value, new IntValue(1), new NullValue(), VECTOR, new BoolValue(true)));
  }

  private static PteProgram call(Instruction... instructions) {
    return method(
        List.of(new StringValue("s"), new IntValue(1), VECTOR, new BoolValue(true)), instructions);
  }

  private static TensorValue tensor(Ints sizes, Ints order, int index, int layout, int offset) {
    return new TensorValue(
        DType.FLOAT32,
        offset,
        sizes,
        order,
        false,
        index,
        null,
        layout,
        ShapeDynamism.STATIC,
        null);
  }

  @Test
  void acceptsWhatKeepsEveryRule() {
    accepts(value(VECTOR.at(1, 52)));
    accepts(value(VECTOR.withData(2)));
    accepts(value(TensorValue.of(DType.FLOAT32).at(1, 0).withData(1)));
    accepts(value(TensorValue.of(DType.FLOAT32, 0, Integer.MAX_VALUE)));
    accepts(value(new OptionalTensorListValue(Ints.of(-1, 2, 3))));
    accepts(call(new JumpFalseCall(3, 2), new JumpFalseCall(1, 0)));
  }

  @Test
  void tensorsHavePlainStorage() {
    rejects(value(tensor(Ints.of(3), Ints.of(0), 0, 0, 4)), VALUE_0 + "storage_offset", "0", "4");
    rejects(value(tensor(Ints.of(3), Ints.of(0), 0, 1, 0)), VALUE_0 + "layout", "strided", "1");
  }

  @Test
  void sizesAreNotNegative() {
    rejects(
        value(tensor(Ints.of(2, -3), Ints.of(0, 1), 0, 0, 0)),
        VALUE_0 + "sizes[1]",
        "a size",
        "-3");
  }

  @Test
  void dimOrderIsAPermutation() {
    rejects(value(tensor(Ints.of(2, 3), Ints.of(0), 0, 0, 0)), VALUE_0 + "dim_order", "2", "1");
    rejects(
        value(tensor(Ints.of(2, 3), Ints.of(1, 1), 0, 0, 0)),
        VALUE_0 + "dim_order[1]",
        "a permutation",
        "[1, 1]");
    rejects(
        value(tensor(Ints.of(2, 3), Ints.of(0, 2), 0, 0, 0)),
        VALUE_0 + "dim_order[1]",
        "a permutation",
        "[0, 2]");
  }

  @Test
  void bytesOfATensorDoNotOverflow() {
    int huge = Integer.MAX_VALUE;
    rejects(value(TensorValue.of(DType.FLOAT64, huge, huge)), VALUE_0 + "sizes", "2^63", "float64");
    rejects(value(TensorValue.of(DType.INT8, huge, huge, 4)), VALUE_0 + "sizes", "2^63", "int8");
    // A zero does not hide an overflow before it.
    rejects(value(TensorValue.of(DType.INT8, huge, huge, huge, 0)), VALUE_0 + "sizes", "2^63", "");
  }

  @Test
  void plannedTensorsLieInsideTheirBuffer() {
    rejects(value(VECTOR.at(0, 0)), VALUE_0 + "allocation_info.memory_id", "from 1 to 1", "0");
    rejects(value(VECTOR.at(2, 0)), VALUE_0 + "allocation_info.memory_id", "from 1 to 1", "2");
    rejects(
        value(VECTOR.at(1, 56)),
        VALUE_0 + "allocation_info.memory_offset_low",
        "planned buffer 1 of 64 bytes",
        "12 bytes at 56");
    rejects(
        value(VECTOR.at(1, Long.MAX_VALUE)),
        VALUE_0 + "allocation_info.memory_offset_low",
        "planned buffer 1",
        "" + Long.MAX_VALUE);
    rejects(
        value(TensorValue.of(DType.FLOAT32, 17).at(1, 0)),
        VALUE_0 + "allocation_info.memory_offset_low",
        "planned buffer 1",
        "68 bytes");
  }

  @Test
  void constantsLieInsideTheirSegment() {
    rejects(value(VECTOR.withData(3)), VALUE_0 + "data_buffer_idx", "an index below 3", "none");
    rejects(
        value(TensorValue.of(DType.FLOAT32, 5).withData(2)),
        VALUE_0 + "data_buffer_idx",
        "20 bytes inside a region of 32",
        "16");
  }

  @Test
  void initialValuesLieInsideTheirSegment() {
    rejects(
        value(VECTOR.at(1, 0).withData(1)),
        VALUE_0 + "data_buffer_idx",
        "12 bytes inside a region of 4",
        "0");
  }

  @Test
  void externalTensorsHaveAName() {
    ExtraTensorInfo nameless = new ExtraTensorInfo(0, null, TensorDataLocation.EXTERNAL, 0, 0);
    rejects(
        value(
            new TensorValue(
                DType.INT8,
                0,
                Ints.of(),
                Ints.of(),
                false,
                0,
                null,
                0,
                ShapeDynamism.STATIC,
                nameless)),
        VALUE_0 + "extra_tensor_info.fully_qualified_name",
        "the name",
        "none");
  }

  @Test
  void listsReferToValuesOfTheirKind() {
    rejects(value(new IntListValue(Longs.of(1, 5))), VALUE_0 + "items[1]", "the 5 values", "5");
    rejects(value(new IntListValue(Longs.of(-1))), VALUE_0 + "items[0]", "the 5 values", "-1");
    rejects(value(new IntListValue(Longs.of(1L << 32))), VALUE_0 + "items[0]", "5 values", "429");
    rejects(value(new IntListValue(Longs.of(1, 3))), VALUE_0 + "items[1]", "an Int", "3, a Tens");
    rejects(value(new TensorListValue(Ints.of(3, -1))), VALUE_0 + "items[1]", "5 values", "-1");
    rejects(value(new TensorListValue(Ints.of(2))), VALUE_0 + "items[0]", "a Tensor", "2, a Null");
    rejects(
        value(new OptionalTensorListValue(Ints.of(-1, 1))),
        VALUE_0 + "items[1]",
        "a Tensor",
        "1, a Int");
  }

  @Test
  void callsReferToWhatExists() {
    rejects(call(new KernelCall(1, Ints.of())), CALL_0 + "op_index", "the 1 operators", "1");
    rejects(call(new KernelCall(-1, Ints.of())), CALL_0 + "op_index", "the 1 operators", "-1");
    rejects(call(new KernelCall(0, Ints.of(0, 4))), CALL_0 + "args[1]", "the 4 values", "4");
    rejects(call(new DelegateCall(1, Ints.of())), CALL_0 + "delegate_index", "1 delegates", "1");
    rejects(call(new DelegateCall(0, Ints.of(-1))), CALL_0 + "args[0]", "the 4 values", "-1");
    rejects(call(new MoveCall(4, 0)), CALL_0 + "move_from", "the 4 values", "4");
    rejects(call(new MoveCall(0, 4)), CALL_0 + "move_to", "the 4 values", "4");
    rejects(call(new FreeCall(4)), CALL_0 + "value_index", "the 4 values", "4");
    rejects(call(new FreeCall(1)), CALL_0 + "value_index", "a Tensor", "1, a Int");
  }

  @Test
  void jumpsStayInsideTheirChain() {
    rejects(
        call(new JumpFalseCall(3, 2)), CALL_0 + "destination_instruction", "the 1 instruct", "2");
    rejects(call(new JumpFalseCall(3, -1)), CALL_0 + "destination_instruction", "the 1", "-1");
    rejects(call(new JumpFalseCall(4, 0)), CALL_0 + "cond_value_index", "the 4 values", "4");
  }

  @Test
  void conditionsCanBeFalse() {
    rejects(call(new JumpFalseCall(0, 0)), CALL_0 + "cond_value_index", "bools", "0, a String");
    rejects(call(new JumpFalseCall(2, 0)), CALL_0 + "cond_value_index", "bools", "2, a Tensor");
    // A value that is moved to may hold anything by then.
    accepts(call(new JumpFalseCall(0, 0), new MoveCall(3, 0)));
  }

  @Test
  void inputsAndOutputsExist() {
    PteProgram inputs = program(plan(p -> with(p, Ints.of(0, 1), Ints.of(), Longs.of(0))));
    rejects(inputs, "execution_plan[0].inputs[1]", "the 1 values", "1");
    PteProgram outputs = program(plan(p -> with(p, Ints.of(), Ints.of(-1), Longs.of(0))));
    rejects(outputs, "execution_plan[0].outputs[0]", "the 1 values", "-1");
  }

  @Test
  void plannedBuffersFitTheLimit() {
    PteProgram negative = program(plan(p -> with(p, Ints.of(), Ints.of(), Longs.of(0, -1))));
    rejects(negative, "execution_plan[0].non_const_buffer_sizes[1]", "a size", "-1");
    PteProgram huge = program(plan(p -> with(p, Ints.of(), Ints.of(), Longs.of(0, 1, 1L << 60))));
    rejects(huge, "execution_plan[0].non_const_buffer_sizes[2]", "at most 274877906944", "after 1");
    PteProgram input = value(TensorValue.of(DType.INT8, 1 << 20, 1 << 20));
    rejects(input, VALUE_0 + "sizes", "at most 274877906944 bytes", "after 64");
  }

  private static ExecutionPlan with(ExecutionPlan plan, Ints inputs, Ints outputs, Longs sizes) {
    return new ExecutionPlan(
        plan.name(),
        null,
        plan.values(),
        inputs,
        outputs,
        plan.chains(),
        plan.operators(),
        plan.delegates(),
        sizes,
        List.of());
  }

  @Test
  void devicesBelongToBuffers() {
    ExecutionPlan p = plan(plan -> plan);
    ExecutionPlan devices =
        new ExecutionPlan(
            p.name(),
            null,
            p.values(),
            p.inputs(),
            p.outputs(),
            p.chains(),
            p.operators(),
            p.delegates(),
            p.plannedBufferSizes(),
            List.of(new BufferDevice(2, 1, 0)));
    rejects(
        program(devices),
        "execution_plan[0].non_const_buffer_device[0].buffer_idx",
        "the 2 planned buffers",
        "2");
  }

  @Test
  void methodsHaveAChainAndANameOfTheirOwn() {
    ExecutionPlan p = plan(plan -> plan);
    ExecutionPlan noChain =
        new ExecutionPlan(
            "other",
            null,
            p.values(),
            p.inputs(),
            p.outputs(),
            List.of(),
            p.operators(),
            p.delegates(),
            p.plannedBufferSizes(),
            List.of());
    rejects(program(p, noChain), "execution_plan[1].chains", "a chain", "none");
    rejects(program(p, p), "execution_plan[1].name", "a name of its own", "\"forward\" again");
    rejects(program(), "execution_plan", "a method", "none");
  }

  /** The valid program with other segments and roles. */
  private static PteProgram segments(
      List<DataSegment> segments,
      SubsegmentOffsets constants,
      SubsegmentOffsets mutable,
      NamedData... named) {
    PteProgram p = method(List.of());
    return new PteProgram(
        p.header(),
        0,
        p.plans(),
        List.of(),
        List.of(),
        segments,
        constants,
        List.of(mutable),
        List.of(named));
  }

  private static PteProgram segments(
      SubsegmentOffsets constants, SubsegmentOffsets mutable, NamedData... named) {
    return segments(method(List.of()).segments(), constants, mutable, named);
  }

  private static SubsegmentOffsets at(int segment, long... offsets) {
    return new SubsegmentOffsets(segment, Longs.of(offsets));
  }

  @Test
  void segmentsAreReferredToWithinTheirList() {
    rejects(segments(at(4, 0), at(2, 0)), "constant_segment.segment_index", "4 segments", "4");
    rejects(
        segments(at(0, 0), at(4, 0)), "mutable_data_segments[0].segment_index", "4 segments", "4");
    rejects(
        segments(at(0, 0), at(2, 0), new NamedData("a", 9)),
        "named_data[0].segment_index",
        "the 4 segments",
        "9");
  }

  @Test
  void offsetsInsideSegmentsStayThere() {
    rejects(segments(at(0, 0, 33), at(2, 0)), "constant_segment.offsets[1]", "32 bytes", "33");
    rejects(
        segments(at(0, 0, -1), at(2, 0)),
        "constant_segment.offsets[1]",
        "32 bytes",
        "18446744073709551615");
    rejects(segments(at(0, 0), at(2, 0, 5)), "mutable_data_segments[0].offsets[1]", "4 bytes", "5");
  }

  @Test
  void aSegmentHasOneUse() {
    rejects(
        segments(at(0, 0), at(0, 0)),
        "mutable_data_segments[0].segment_index",
        "a segment for initial values",
        "holds constants");
    rejects(
        segments(at(0, 0), at(2, 0), new NamedData("a", 1)),
        "execution_plan[0].delegates[0].processed.index",
        "a segment for a delegate's blob",
        "holds named data");
  }

  @Test
  void keysAreUnique() {
    rejects(
        segments(at(0, 0), at(2, 0), new NamedData("a", 3), new NamedData("a", 3)),
        "named_data[1].key",
        "a key of its own",
        "\"a\" again");
    accepts(segments(at(0, 0), at(2, 0), new NamedData("a", 3), new NamedData("b", 3)));
  }

  @Test
  void segmentsDoNotOverlapNorLeaveTheFile() {
    // The layout refuses both, so the bytes are changed behind its back.
    byte[] bytes = bytes(method(List.of()));
    PteFile file = PteCases.of("test", bytes);
    long at = file.locate(path("segments[1].offset"));
    assertThat(longAt(bytes, at)).isEqualTo(128);
    rejectsBytes(withLong(bytes, at, 31), "segments[1]", "behind segment 0");
    rejectsBytes(withLong(bytes, at, 1 << 20), "segments[1]", "inside the 484 bytes");
    rejectsBytes(withLong(bytes, at, Long.MAX_VALUE), "segments[1]", "inside the 484 bytes");
    rejectsBytes(withLong(bytes, at, -1), "segments[1].offset", "a size below 2^63");
  }

  @Test
  void theHeaderFitsTheFile() {
    byte[] bytes = bytes(method(List.of()));
    rejectsBytes(withLong(bytes, 16, 39), "extended_header.program_size", "at least");
    rejectsBytes(withLong(bytes, 16, 1 << 20), "extended_header.program_size", "at most");
    rejectsBytes(withLong(bytes, 16, -1), "extended_header.program_size", "below 2^63");
    rejectsBytes(withLong(bytes, 24, 100), "extended_header.segment_base_offset", "the program's");
    rejectsBytes(withLong(bytes, 24, 1 << 20), "extended_header.segment_base_offset", "the file's");
    rejectsBytes(withLong(bytes, 32, 485), "extended_header.segment_data_size", "at most the 484");
    byte[] shortHeader = bytes.clone();
    shortHeader[12] = 23;
    rejectsBytes(shortHeader, "extended_header.length", "24, or 32");
    shortHeader[12] = 28;
    rejectsBytes(shortHeader, "extended_header.length", "24, or 32");
  }

  @Test
  void rejectsWhatIsNoProgram() {
    rejectsBytes(new byte[0], "file_identifier", "1 bytes inside a region of 0");
    rejectsBytes(
        "PK\3\4 is a zip archive".getBytes(StandardCharsets.US_ASCII), "file_identifier", "ET12");
  }

  private static FieldPath path(String text) {
    return FieldPath.root().field(text);
  }

  private static long longAt(byte[] bytes, long at) {
    return MemorySegment.ofArray(bytes).get(ValueLayout.JAVA_LONG_UNALIGNED, at);
  }

  private static byte[] withLong(byte[] bytes, long at, long value) {
    byte[] changed = bytes.clone();
    MemorySegment.ofArray(changed).set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
    return changed;
  }

  private static void rejectsBytes(byte[] bytes, String path, String expected) {
    assertThatExceptionOfType(MalformedFileException.class)
        .isThrownBy(() -> PteFile.of(MemoryReader.of("test", MemorySegment.ofArray(bytes))))
        .satisfies(
            e -> {
              assertThat(e.path()).isEqualTo(path);
              assertThat(e.expected()).contains(expected);
              assertThat(e.file()).isEqualTo("test");
            });
  }
}
