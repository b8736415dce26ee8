package dev.sconce.format.flatbuffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.MemoryReader;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FlatTableTest {

  /**
   * A buffer by hand: root at 16 with its vtable at 8.
   *
   * <pre>
   *   0 root=16 | 4 "TEST" | 8 vtable: 6 bytes, table 8 bytes, field 0 at 4 | 14 pad
   *   16 soffset 8 | 20 field 0 | 24 count=2 | 28 a | 32 b
   * </pre>
   */
  private static ByteBuffer bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(36).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, 16).put(4, "TEST".getBytes(StandardCharsets.US_ASCII));
    bytes.putShort(8, (short) 6).putShort(10, (short) 8).putShort(12, (short) 4);
    bytes.putInt(16, 8).putInt(20, 4).putInt(24, 2).putInt(28, 5).putInt(32, 6);
    return bytes;
  }

  private static FlatTable root(ByteBuffer bytes) {
    return FlatBuffer.of(MemoryReader.of("test", MemorySegment.ofBuffer(bytes))).root("TEST");
  }

  private static void rejects(ThrowingCallable read, long offset, String path, String expected) {
    assertThatExceptionOfType(MalformedFileException.class)
        .isThrownBy(read)
        .satisfies(
            e -> {
              assertThat(e.file()).isEqualTo("test");
              assertThat(e.offset()).isEqualTo(offset);
              assertThat(e.path()).isEqualTo(path);
              assertThat(e.expected()).contains(expected);
            });
  }

  @Test
  void readsTheBufferByHand() {
    assertThat(root(bytes()).i32s(0, "list")).containsExactly(5, 6);
  }

  @Test
  void rejectsAnotherIdentifier() {
    rejects(() -> root(bytes().put(4, (byte) 'B')), 4, "file_identifier", "\"TEST\"");
  }

  @Test
  void rejectsARootOutsideTheBuffer() {
    rejects(() -> root(bytes().putInt(0, 37)), 0, "root", "36 bytes of the buffer");
    rejects(() -> root(bytes().putInt(0, 0)), 0, "root", "36 bytes of the buffer");
    rejects(() -> root(bytes().putInt(0, -1)), 0, "root", "36 bytes of the buffer");
    rejects(() -> root(bytes().putInt(0, 34)), 34, "", "4 bytes inside");
  }

  @Test
  void rejectsAVtableOutsideTheBuffer() {
    rejects(() -> root(bytes().putInt(16, 17)), 16, "", "a vtable inside");
    rejects(() -> root(bytes().putInt(16, -30)), 16, "", "a vtable inside");
    rejects(() -> root(bytes().putInt(16, Integer.MIN_VALUE)), 16, "", "a vtable inside");
  }

  @Test
  void rejectsAVtableOfAnImpossibleSize() {
    rejects(() -> root(bytes().putShort(8, (short) 2)), 8, "", "a vtable of an even size");
    rejects(() -> root(bytes().putShort(8, (short) 7)), 8, "", "a vtable of an even size");
    rejects(() -> root(bytes().putShort(8, (short) 30)), 8, "", "a vtable of an even size");
    rejects(() -> root(bytes().putShort(10, (short) 21)), 10, "", "a table inside");
    rejects(() -> root(bytes().putShort(10, (short) 3)), 10, "", "a table inside");
  }

  @Test
  void rejectsAFieldOutsideItsTable() {
    rejects(() -> root(bytes().putShort(12, (short) 5)).i32(0, "x"), 12, "x", "inside its table");
    rejects(() -> root(bytes().putShort(12, (short) 2)).i32(0, "x"), 12, "x", "inside its table");
    rejects(() -> root(bytes()).i64(0, "x"), 12, "x", "a field of 8 bytes");
  }

  @Test
  void rejectsACountThatLeavesTheBuffer() {
    rejects(() -> root(bytes().putInt(24, 3)).i32s(0, "list"), 24, "list", "in the 8 left");
    rejects(() -> root(bytes().putInt(24, -1)).i32s(0, "list"), 24, "list", "in the 8 left");
    rejects(() -> root(bytes().putInt(24, -1)).bytes(0, "list"), 24, "list", "in the 8 left");
    rejects(() -> root(bytes().putInt(24, -1)).string(0, "s"), 28, "s", "inside a region");
  }

  @Test
  void rejectsAnOffsetOfZero() {
    rejects(() -> root(bytes().putInt(20, 0)).table(0, "t"), 20, "t", "36 bytes of the buffer");
  }

  @Test
  void rejectsAStringWithoutZeroByte() {
    rejects(() -> root(bytes().putInt(28, -1)).string(0, "s"), 30, "s", "a zero byte");
  }

  @Test
  void rejectsAnIndexAbove31Bits() {
    rejects(() -> root(bytes().putInt(20, -2)).index(0, "i"), 20, "i", "below 2^31");
  }

  @Test
  void rejectsAnAbsentValueThatMustBeThere() {
    rejects(() -> root(bytes()).string(1, "name"), 16, "name", "a string");
    rejects(() -> root(bytes()).table(1, "child"), 16, "child", "a table");
  }

  @Test
  void endsWhenTablesAreNestedForEver() {
    // Offsets only point forwards, but a table may contain one that starts inside it: take a
    // chain of tables that is deeper than any format.
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int table = builder.table().end();
    for (int i = 0; i < 100; i++) {
      table = builder.table().ref(0, table).end();
    }
    MemorySegment bytes = builder.finish(table, "TEST");
    assertThatExceptionOfType(MalformedFileException.class)
        .isThrownBy(
            () -> {
              FlatTable t = FlatBuffer.of(MemoryReader.of("test", bytes)).root("TEST");
              while (t.has(0)) {
                t = t.table(0, "next");
              }
            })
        .satisfies(e -> assertThat(e.expected()).contains("at most 64 nested tables"));
  }

  @Test
  void endsWhenSharedTablesMultiply() {
    // Ten levels of 1,000 references to one table each: 10^30 visits in a file of 40 KB.
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int table = builder.table().i32(1, 1).end();
    for (int level = 0; level < 10; level++) {
      int[] refs = new int[1000];
      Arrays.fill(refs, table);
      table = builder.table().ref(0, builder.refs(refs)).end();
    }
    MemorySegment bytes = builder.finish(table, "TEST");
    assertThatExceptionOfType(MalformedFileException.class)
        .isThrownBy(() -> count(FlatBuffer.of(MemoryReader.of("test", bytes)).root("TEST")))
        .satisfies(e -> assertThat(e.expected()).contains("share little"));
  }

  private static int count(FlatTable table) {
    List<Integer> counts = table.tables(0, "children", FlatTableTest::count);
    return 1 + counts.stream().mapToInt(i -> i).sum();
  }

  @Test
  void aProbeFindsTheOffsetOfAPath() {
    FieldProbe probe = new FieldProbe("list[1]");
    FlatBuffer.of(MemoryReader.of("test", MemorySegment.ofBuffer(bytes())), probe)
        .root("TEST")
        .i32s(0, "list");
    assertThat(probe.offset()).isEqualTo(32);
    FieldProbe nearest = new FieldProbe("list[7].unknown");
    FlatBuffer.of(MemoryReader.of("test", MemorySegment.ofBuffer(bytes())), nearest)
        .root("TEST")
        .i32s(0, "list");
    assertThat(nearest.offset()).isEqualTo(24);
  }
}
