package dev.sconce.format.pte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.DType;
import dev.sconce.format.Blob;
import dev.sconce.format.Longs;
import dev.sconce.format.pte.Instruction.JumpFalseCall;
import dev.sconce.format.pte.PteValue.BoolValue;
import dev.sconce.format.pte.PteValue.IntListValue;
import dev.sconce.format.pte.PteValue.IntValue;
import dev.sconce.format.pte.PteValue.StringValue;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PteBuilderTest {

  private static final OperatorRef ADD = new OperatorRef("aten::add", "out");

  @TempDir private Path folder;

  /** x + 1 with the 1 as a constant: the official exporter's first example. */
  private static PteBuilder addOne() {
    PteBuilder program = new PteBuilder();
    int one = program.constant(4);
    PlanBuilder forward = program.plan("forward");
    int constant = forward.value(TensorValue.of(DType.FLOAT32).withData(one));
    int x = forward.value(TensorValue.of(DType.FLOAT32, 3).at(1, 16));
    int sum = forward.value(TensorValue.of(DType.FLOAT32, 3).at(1, 0));
    forward.input(x);
    forward.output(sum);
    forward.call(ADD, x, constant, forward.literal(new IntValue(1)), sum, sum);
    return program;
  }

  @Test
  void followsTheConventionsOfTheOfficialExporter() {
    PteProgram program = addOne().build().program();
    assertThat(program.header()).isEqualTo(HeaderForm.FULL);
    assertThat(program.version()).isZero();
    assertThat(program.segments()).containsExactly(new DataSegment(0, 4));
    assertThat(program.constantSegment()).isEqualTo(new SubsegmentOffsets(0, Longs.of(0, 0)));
    assertThat(program.plans().get(0).plannedBufferSizes()).containsExactly(0L, 32L);
    assertThat(program.plans().get(0).containerMetadata()).isEqualTo(new ContainerMetadata("", ""));
  }

  @Test
  void writesAFileWhoseSegmentsStartAt128() throws IOException {
    Path path = folder.resolve("add.pte");
    PteLayout layout = addOne().build();
    try (PteFileWriter writer = PteFileWriter.create(path, layout)) {
      writer.write(
          PteBuilder.CONSTANT_SEGMENT,
          Blob.of((byte) 0, (byte) 0, (byte) 0x80, (byte) 0x3f).memory());
      writer.finish();
    }
    assertThat(Files.size(path)).isEqualTo(layout.fileSize());
    try (PteFile file = PteFile.open(path)) {
      assertThat(file.header().segmentBase() % 128).isZero();
      assertThat(file.program()).isEqualTo(layout.program());
      assertThat(Blob.of(file.constant(1, 4)))
          .isEqualTo(Blob.of((byte) 0, (byte) 0, (byte) 0x80, (byte) 0x3f));
    }
  }

  @Test
  void aProgramWithoutDataHasNoHeaderButAConstantSegment() {
    PteBuilder program = new PteBuilder();
    program.getter("get_name", new StringValue("x"));
    program.getter("get_eos_ids", new IntValue(1), new IntValue(2));
    PteProgram built = program.build().program();
    assertThat(built.header()).isEqualTo(HeaderForm.NONE);
    assertThat(built.segments()).containsExactly(new DataSegment(0, 0));
    assertThat(built.constantSegment()).isEqualTo(new SubsegmentOffsets(0, Longs.of(0)));
    ExecutionPlan getter = built.plan("get_eos_ids").orElseThrow();
    assertThat(getter.inputs()).isEmpty();
    assertThat(getter.outputs()).containsExactly(0, 1);
    assertThat(getter.plannedBufferSizes()).containsExactly(0L);
    assertThat(getter.chains().get(0).instructions()).isEmpty();
  }

  @Test
  void putsConstantsBehindEverythingElse() {
    PteBuilder program = addOne();
    int blob = program.segment(100);
    int named = program.namedData("weights", 1000);
    program.alias("same weights", named);
    int state = program.initialValue(6);
    assertThat(program.initialValueSegment()).isEqualTo(3);
    assertThat(program.initialValueOffset(state)).isZero();
    assertThat(program.constantOffset(program.constant(32))).isEqualTo(16);
    PteProgram built = program.build().program();
    assertThat(List.of(blob, named)).containsExactly(1, 2);
    assertThat(built.segments())
        .containsExactly(
            new DataSegment(1280, 48),
            new DataSegment(0, 100),
            new DataSegment(128, 1000),
            new DataSegment(1152, 6));
    assertThat(built.namedData())
        .containsExactly(new NamedData("weights", 2), new NamedData("same weights", 2));
    assertThat(built.mutableDataSegments())
        .containsExactly(new SubsegmentOffsets(3, Longs.of(0, 0)));
  }

  @Test
  void theLastConstantMayBeSizedWhenTheRestIsWritten() throws IOException {
    Path path = folder.resolve("late.pte");
    PteBuilder guess = late(1);
    try (PteFileWriter writer = PteFileWriter.create(path, guess.build())) {
      writer.write(1, MemorySegment.ofArray(new byte[100]));
      writer.writeTable();
      try (PteFile unfinished = PteFile.open(writer.temporaryPath())) {
        assertThat(unfinished.segment(1).byteSize()).isEqualTo(100);
      }
      writer.relayout(late(77).build());
      try (WritableByteChannel constants = writer.segment(PteBuilder.CONSTANT_SEGMENT)) {
        constants.write(ByteBuffer.allocate(70));
        constants.write(ByteBuffer.allocate(7));
      }
      writer.finish();
    }
    try (PteFile file = PteFile.open(path)) {
      assertThat(file.program()).isEqualTo(late(77).build().program());
      assertThat(Files.size(path)).isEqualTo(late(77).build().fileSize());
    }
  }

  private static PteBuilder late(int size) {
    PteBuilder program = new PteBuilder();
    int segment = program.segment(100);
    PlanBuilder plan = program.plan("blob");
    int blob = program.constant(size);
    plan.output(plan.value(TensorValue.of(DType.UINT8, size).withData(blob)));
    plan.delegate("Somewhere", segment);
    return program;
  }

  @Test
  void refusesALayoutThatMovesWhatIsWritten() throws IOException {
    PteBuilder program = new PteBuilder();
    program.segment(100);
    program.getter("get_x", new IntValue(1));
    PteBuilder other = new PteBuilder();
    other.segment(101);
    other.getter("get_x", new IntValue(1));
    Path path = folder.resolve("moved.pte");
    try (PteFileWriter writer = PteFileWriter.create(path, program.build())) {
      writer.write(1, MemorySegment.ofArray(new byte[100]));
      assertThatThrownBy(() -> writer.relayout(other.build()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("segment 1 was written and would move");
    }
  }

  @Test
  void refusesMoreDataThanReserved() throws IOException {
    Path path = folder.resolve("more.pte");
    try (PteFileWriter writer = PteFileWriter.create(path, addOne().build())) {
      assertThatThrownBy(() -> writer.write(0, MemorySegment.ofArray(new byte[5])))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("segment 0 has 4 bytes; 1 more");
    }
  }

  @Test
  void sharesLiteralsAndBoxesListsOfIntegers() {
    PlanBuilder plan = new PteBuilder().plan("forward");
    int two = plan.literal(new IntValue(2));
    assertThat(plan.literal(new IntValue(2))).isEqualTo(two);
    int list = plan.intList(2, 3, 2);
    assertThat(plan.intList(2, 3, 2)).isEqualTo(list);
    IntListValue value = (IntListValue) plan.build().values().get(list);
    assertThat(value.items().toLongArray()).containsExactly(two, two + 1, two);
  }

  @Test
  void resolvesJumpsForwardsAndBackwards() {
    PlanBuilder plan = new PteBuilder().plan("forward");
    int flag = plan.value(new BoolValue(true));
    Label start = plan.label();
    Label end = plan.label();
    plan.place(start);
    plan.jumpIfFalse(flag, end);
    plan.jump(start);
    plan.place(end);
    assertThat(plan.build().chains().get(0).instructions())
        .containsExactly(new JumpFalseCall(flag, 2), new JumpFalseCall(flag + 1, 0));
    Label nowhere = plan.label();
    plan.jump(nowhere);
    assertThatThrownBy(plan::build).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void leavesRoomBehindBuffersThatXnnpackReads() {
    PteBuilder program = new PteBuilder();
    int blob = program.segment(10);
    PlanBuilder plan = program.plan("forward");
    plan.value(TensorValue.of(DType.FLOAT32, 5).at(2, 32));
    plan.delegate("XnnpackBackend", blob);
    assertThat(plan.build().plannedBufferSizes()).containsExactly(0L, 64L, 64L + 64L);
  }

  @Test
  void writesArraysOfNumbers() throws IOException {
    Path path = folder.resolve("floats.pte");
    try (PteFileWriter writer = PteFileWriter.create(path, addOne().build())) {
      writer.write(PteBuilder.CONSTANT_SEGMENT, MemorySegment.ofArray(new float[] {1}));
      writer.finish();
    }
    try (PteFile file = PteFile.open(path)) {
      assertThat(file.constant(1, 4).get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0)).isEqualTo(1);
    }
  }

  @Test
  void equalProgramsGiveEqualBytes() {
    assertThat(addOne().build().table().mismatch(addOne().build().table())).isEqualTo(-1);
  }
}
