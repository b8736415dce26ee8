package dev.sconce.format.flatbuffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.flatbuffers.Table;
import dev.sconce.base.memory.MemoryReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The builder against the reference implementation's reader, and the reader against both. */
class FlatBufferBuilderTest {

  /** A table as flatbuffers-java sees it. */
  private static final class Peer extends Table {
    static Peer root(MemorySegment bytes) {
      ByteBuffer buffer =
          ByteBuffer.wrap(bytes.toArray(ValueLayout.JAVA_BYTE)).order(ByteOrder.LITTLE_ENDIAN);
      return at(buffer.getInt(0), buffer);
    }

    static Peer at(int position, ByteBuffer buffer) {
      Peer peer = new Peer();
      peer.__reset(position, buffer);
      return peer;
    }

    int where(int field) {
      int offset = __offset(4 + 2 * field);
      return offset == 0 ? 0 : bb_pos + offset;
    }

    ByteBuffer bytes() {
      return bb;
    }

    Peer child(int field) {
      return at(__indirect(where(field)), bb);
    }

    String text(int field) {
      return __string(where(field));
    }

    int count(int field) {
      return __vector_len(where(field) - bb_pos);
    }

    int element(int field, int index, int size) {
      return __vector(where(field) - bb_pos) + index * size;
    }
  }

  private static FlatTable read(MemorySegment bytes) {
    return FlatBuffer.of(MemoryReader.of("test", bytes)).root("TEST");
  }

  private static MemorySegment sample() {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int child = builder.table().i64(0, -5).bool(1, true).end();
    return builder.finish(
        builder
            .table()
            .i8(0, -3)
            .i16(1, -300)
            .i32(2, 0xFFFF_FFFFL)
            .i64(3, Long.MIN_VALUE)
            .f32(4, 1.5f)
            .f64(5, -0.0)
            .ref(6, builder.string("häß\u0000x"))
            .ref(7, child)
            .ref(8, builder.i32s(1, -2, 3))
            .ref(9, builder.i64s(4, -5))
            .ref(10, builder.f64s(0.25, Double.NaN))
            .ref(11, builder.u8s(1, 255))
            .ref(12, builder.bytes(MemorySegment.ofArray(new byte[] {7, 8, 9}), 16))
            .ref(13, builder.vector(List.of("a", "bc"), builder::string))
            .ref(14, builder.refs(child, child))
            .ref(15, builder.f32s(2.5f))
            .i32(16, 0)
            .end(),
        "TEST");
  }

  @Test
  void theReferenceReaderSeesEveryField() {
    Peer peer = Peer.root(sample());
    ByteBuffer bytes = peer.bytes();
    assertThat(bytes.get(peer.where(0))).isEqualTo((byte) -3);
    assertThat(bytes.getShort(peer.where(1))).isEqualTo((short) -300);
    assertThat(bytes.getInt(peer.where(2))).isEqualTo(-1);
    assertThat(bytes.getLong(peer.where(3))).isEqualTo(Long.MIN_VALUE);
    assertThat(bytes.getFloat(peer.where(4))).isEqualTo(1.5f);
    assertThat(bytes.getLong(peer.where(5))).isEqualTo(Double.doubleToRawLongBits(-0.0));
    assertThat(peer.text(6)).isEqualTo("häß\u0000x");
    assertThat(bytes.getLong(peer.child(7).where(0))).isEqualTo(-5);
    assertThat(peer.count(8)).isEqualTo(3);
    assertThat(bytes.getInt(peer.element(8, 1, 4))).isEqualTo(-2);
    assertThat(bytes.getLong(peer.element(9, 1, 8))).isEqualTo(-5);
    assertThat(bytes.getDouble(peer.element(10, 0, 8))).isEqualTo(0.25);
    assertThat(bytes.get(peer.element(11, 1, 1))).isEqualTo((byte) 255);
    assertThat(bytes.get(peer.element(12, 2, 1))).isEqualTo((byte) 9);
    assertThat(peer.element(12, 0, 1) % 16).isZero();
    assertThat(peer.count(13)).isEqualTo(2);
    assertThat(bytes.getFloat(peer.element(15, 0, 4))).isEqualTo(2.5f);
    assertThat(peer.where(16)).isZero();
    for (int field : new int[] {3, 5}) {
      assertThat(peer.where(field) % 8).as("alignment of field %d", field).isZero();
    }
    assertThat(peer.element(9, 0, 8) % 8).isZero();
  }

  @Test
  void ourReaderSeesEveryField() {
    FlatTable table = read(sample());
    assertThat(table.i8(0, "a")).isEqualTo(-3);
    assertThat(table.u8(0, "a")).isEqualTo(253);
    assertThat(table.i16(1, "b")).isEqualTo(-300);
    assertThat(table.u32(2, "c")).isEqualTo(0xFFFF_FFFFL);
    assertThat(table.i64(3, "d")).isEqualTo(Long.MIN_VALUE);
    assertThat(table.f32(4, "e")).isEqualTo(1.5f);
    assertThat(1 / table.f64(5, "f")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(table.string(6, "g")).isEqualTo("häß\u0000x");
    assertThat(table.table(7, "h").i64(0, "x")).isEqualTo(-5);
    assertThat(table.table(7, "h").bool(1, "y")).isTrue();
    assertThat(table.i32s(8, "i")).containsExactly(1, -2, 3);
    assertThat(table.i64s(9, "j")).containsExactly(4, -5);
    assertThat(table.f64s(10, "k")).containsExactly(0.25, Double.NaN);
    assertThat(table.u8s(11, "l")).containsExactly(1, 255);
    assertThat(table.bools(11, "l")).containsExactly(true, true);
    assertThat(table.bytes(12, "m").toArray(ValueLayout.JAVA_BYTE)).containsExactly(7, 8, 9);
    assertThat(table.strings(13, "n")).containsExactly("a", "bc");
    assertThat(table.tables(14, "o", child -> child.i64(0, "x"))).containsExactly(-5L, -5L);
    assertThat(table.f32s(15, "p")).containsExactly(2.5f);
    assertThat(table.has(16)).isFalse();
    assertThat(table.i32(16, "q")).isZero();
    assertThat(table.i32s(17, "r")).isEmpty();
    assertThat(table.optionalTable(18, "s")).isNull();
  }

  @Test
  void ourReaderReadsWhatTheReferenceBuilderWrites() {
    var builder = new com.google.flatbuffers.FlatBufferBuilder();
    int text = builder.createString("hello");
    int inner = innerTable(builder);
    builder.startVector(4, 2, 4);
    builder.addOffset(inner);
    builder.addOffset(inner);
    int vector = builder.endVector();
    builder.startTable(4);
    builder.addOffset(0, text, 0);
    builder.addOffset(1, vector, 0);
    builder.addDouble(2, 2.5, 0);
    builder.addBoolean(3, true, false);
    builder.finish(builder.endTable(), "TEST");
    FlatTable table = read(MemorySegment.ofArray(builder.sizedByteArray()));
    assertThat(table.string(0, "text")).isEqualTo("hello");
    assertThat(table.tables(1, "inner", t -> t.i32(2, "x"))).containsExactly(77, 77);
    assertThat(table.f64(2, "d")).isEqualTo(2.5);
    assertThat(table.bool(3, "b")).isTrue();
  }

  private static int innerTable(com.google.flatbuffers.FlatBufferBuilder builder) {
    builder.startTable(3);
    builder.addInt(2, 77, 0);
    return builder.endTable();
  }

  @Test
  void sharesEqualVtables() {
    assertThat(size(200) - size(100)).isEqualTo(100 * (Integer.BYTES + 2 * Integer.BYTES));
  }

  /** The size of a buffer with a vector of tables of one int each. */
  private static long size(int tables) {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int vector =
        builder.vector(
            IntStream.rangeClosed(1, tables).boxed().toList(),
            value -> builder.table().i32(0, value).end());
    return builder.finish(builder.table().ref(0, vector).end(), "TEST").byteSize();
  }

  @Test
  void equalCallsGiveEqualBytes() {
    assertThat(sample().mismatch(sample())).isEqualTo(-1);
  }

  @Test
  void keepsAlignmentBehindReservedBytes() {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int bytes = builder.bytes(MemorySegment.ofArray(new byte[] {1, 2, 3}), 16);
    MemorySegment finished = builder.finish(builder.table().ref(0, bytes).end(), "TEST", 32);
    assertThat(finished.asSlice(8, 32).mismatch(MemorySegment.ofArray(new byte[32]))).isEqualTo(-1);
    MemorySegment read = read(finished).bytes(0, "data");
    assertThat((read.address() - finished.address()) % 16).isZero();
  }

  @Test
  void readsASizePrefix() {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int vector = builder.i64s(1, 2);
    MemorySegment bytes =
        builder.finishSizePrefixed(builder.table().i64(0, 9).ref(1, vector).end(), "TEST");
    FlatTable table =
        FlatBuffer.ofSizePrefixed(MemoryReader.of("test", bytes)).root("ELSE", "TEST");
    assertThat(table.i64(0, "x")).isEqualTo(9);
    assertThat(table.i64s(1, "y")).containsExactly(1, 2);
    assertThat(bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isEqualTo((int) bytes.byteSize() - 4);
  }

  @Test
  void growsPastItsFirstCapacity() {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    long[] values = IntStream.range(0, 100_000).asLongStream().toArray();
    MemorySegment bytes =
        builder.finish(builder.table().ref(0, builder.i64s(values)).end(), "TEST");
    assertThat(read(bytes).i64s(0, "x")).isEqualTo(values);
  }

  @Test
  void refusesAnIdentifierOfAnotherLength() {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    assertThatThrownBy(() -> builder.finish(builder.table().end(), "TOOLONG"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
