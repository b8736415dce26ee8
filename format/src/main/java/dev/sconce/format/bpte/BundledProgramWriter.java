package dev.sconce.format.bpte;

import dev.sconce.base.InvalidInputException;
import dev.sconce.format.bpte.BundledProgram.Case;
import dev.sconce.format.bpte.BundledProgram.Suite;
import dev.sconce.format.bpte.BundledValue.BoolValue;
import dev.sconce.format.bpte.BundledValue.DoubleValue;
import dev.sconce.format.bpte.BundledValue.IntValue;
import dev.sconce.format.bpte.BundledValue.TensorValue;
import dev.sconce.format.flatbuffer.FlatBufferBuilder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Writes a bundle; the counterpart of {@link BundledProgramReader}. */
final class BundledProgramWriter {

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int PROGRAM_ALIGNMENT = 32;
  private static final int TENSOR_ALIGNMENT = 16;
  private static final long MAX_PROGRAM = Integer.MAX_VALUE - 64L;

  private final FlatBufferBuilder builder = new FlatBufferBuilder();

  private BundledProgramWriter() {}

  /**
   * Returns all of the file but the program, which is to follow: what a builder writes first comes
   * last, so the program's vector is written empty, and its length set afterwards. The buffer's
   * size is a multiple of the strictest alignment in it, so the program is aligned.
   */
  static MemorySegment head(BundledProgram bundle) {
    long size = bundle.program().size();
    if (size > MAX_PROGRAM) {
      throw new InvalidInputException(
          "bundled program", "program", "at most " + MAX_PROGRAM + " bytes", size + " bytes");
    }
    BundledProgramWriter writer = new BundledProgramWriter();
    FlatBufferBuilder builder = writer.builder;
    int program = builder.bytes(MemorySegment.ofArray(new byte[0]), PROGRAM_ALIGNMENT);
    int suites = builder.vector(bundle.suites(), writer::suite);
    int root = builder.table().i32(0, bundle.version()).ref(1, suites).ref(2, program).end();
    MemorySegment head = builder.finish(root, BundledProgramReader.IDENTIFIER);
    head.set(INT, head.byteSize() - Integer.BYTES, (int) size);
    return head;
  }

  private int suite(Suite suite) {
    int cases = builder.vector(suite.cases(), this::testCase);
    return builder.table().ref(0, builder.string(suite.method())).ref(1, cases).end();
  }

  private int testCase(Case testCase) {
    int inputs = builder.vector(testCase.inputs(), this::value);
    int expected = builder.vector(testCase.expected(), this::value);
    return builder.table().ref(0, inputs).ref(1, expected).end();
  }

  private int value(BundledValue value) {
    return switch (value) {
      case TensorValue tensor -> union(1, tensor(tensor));
      case IntValue(long number) -> union(2, builder.table().i64(0, number).end());
      case BoolValue(boolean bool) -> union(3, builder.table().bool(0, bool).end());
      case DoubleValue(double number) -> union(4, builder.table().f64(0, number).end());
    };
  }

  private int union(int type, int value) {
    return builder.table().i8(0, type).ref(1, value).end();
  }

  private int tensor(TensorValue tensor) {
    int sizes = builder.i32s(tensor.sizes().toIntArray());
    int data = builder.bytes(tensor.data().memory(), TENSOR_ALIGNMENT);
    int dimOrder = builder.u8s(tensor.dimOrder().toIntArray());
    return builder
        .table()
        .i8(0, tensor.dtype().code())
        .ref(1, sizes)
        .ref(2, data)
        .ref(3, dimOrder)
        .end();
  }
}
