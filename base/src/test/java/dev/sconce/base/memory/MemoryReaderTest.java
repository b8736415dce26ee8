package dev.sconce.base.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sconce.base.MalformedFileException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class MemoryReaderTest {

  private static final FieldPath PATH = FieldPath.root().field("table").field("field");

  /** One access of the reader, so that all can be tried at the same places. */
  private interface Access {
    void at(MemoryReader reader, long offset);
  }

  private static final Map<Access, Integer> SIZES =
      Map.of(
          (reader, offset) -> reader.u8(offset, PATH), 1,
          (reader, offset) -> reader.i8(offset, PATH), 1,
          (reader, offset) -> reader.u16(offset, PATH), 2,
          (reader, offset) -> reader.i16(offset, PATH), 2,
          (reader, offset) -> reader.i32(offset, PATH), 4,
          (reader, offset) -> reader.u32(offset, PATH), 4,
          (reader, offset) -> reader.f32(offset, PATH), 4,
          (reader, offset) -> reader.i64(offset, PATH), 8,
          (reader, offset) -> reader.f64(offset, PATH), 8);

  private static MalformedFileException malformed(ThrowingCallable action) {
    MalformedFileException e = catchThrowableOfType(MalformedFileException.class, action);
    assertThat(e).as("a MalformedFileException").isNotNull();
    return e;
  }

  private static MemoryReader reader(byte[] bytes) {
    return MemoryReader.of("file.bin", MemorySegment.ofArray(bytes));
  }

  @Test
  void readsLittleEndianAtAnyAlignment() {
    byte[] bytes = new byte[64];
    new Random(3).nextBytes(bytes);
    ByteBuffer expected = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long[] longs = new long[8];
    MemorySegment.ofArray(longs).copyFrom(MemorySegment.ofArray(bytes));
    MemorySegment mapped = Arena.ofAuto().allocate(64).copyFrom(MemorySegment.ofArray(bytes));
    readsLikeABuffer(reader(bytes), expected);
    readsLikeABuffer(MemoryReader.of("file.bin", MemorySegment.ofArray(longs)), expected);
    readsLikeABuffer(MemoryReader.of("file.bin", mapped), expected);
  }

  private static void readsLikeABuffer(MemoryReader reader, ByteBuffer expected) {
    for (int i = 0; i <= expected.capacity() - 8; i++) {
      assertThat(reader.i8(i, PATH)).isEqualTo(expected.get(i));
      assertThat(reader.u8(i, PATH)).isEqualTo(expected.get(i) & 0xFF);
      assertThat(reader.i16(i, PATH)).isEqualTo(expected.getShort(i));
      assertThat(reader.u16(i, PATH)).isEqualTo(expected.getShort(i) & 0xFFFF);
      assertThat(reader.i32(i, PATH)).isEqualTo(expected.getInt(i));
      assertThat(reader.u32(i, PATH)).isEqualTo(expected.getInt(i) & 0xFFFF_FFFFL);
      assertThat(reader.i64(i, PATH)).isEqualTo(expected.getLong(i));
      assertThat(Float.floatToRawIntBits(reader.f32(i, PATH))).isEqualTo(expected.getInt(i));
      assertThat(Double.doubleToRawLongBits(reader.f64(i, PATH))).isEqualTo(expected.getLong(i));
    }
  }

  @Test
  void everyAccessIsCheckedAtBothEnds() {
    MemoryReader reader = reader(new byte[16]);
    SIZES.forEach(
        (access, size) -> {
          access.at(reader, 0);
          access.at(reader, 16 - size);
          long[] wrong = {
            -1, 16 - size + 1, 16, Long.MAX_VALUE, Long.MAX_VALUE - size, Long.MIN_VALUE
          };
          for (long offset : wrong) {
            assertThat(malformed(() -> access.at(reader, offset)).path()).isEqualTo("table.field");
          }
        });
  }

  @Test
  void rangesAreCheckedWithoutOverflow() {
    MemoryReader reader = reader(new byte[16]);
    reader.check(0, 16, PATH);
    reader.check(16, 0, PATH);
    long[][] wrong = {
      {0, 17},
      {16, 1},
      {17, 0},
      {-1, 0},
      {0, -1},
      {1, Long.MAX_VALUE},
      {Long.MAX_VALUE, 1},
      {Long.MAX_VALUE, Long.MAX_VALUE},
      {Long.MIN_VALUE, 1},
      {8, Long.MIN_VALUE}
    };
    for (long[] range : wrong) {
      malformed(() -> reader.check(range[0], range[1], PATH));
      malformed(() -> reader.slice(range[0], range[1], PATH));
      malformed(() -> reader.bytes(range[0], range[1], PATH));
    }
  }

  @Test
  void errorsCountFromTheStartOfTheFile() {
    MemoryReader part = reader(new byte[100]).slice(40, 20, PATH).slice(10, 5, PATH);
    assertThat(part.origin()).isEqualTo(50);
    assertThat(part.size()).isEqualTo(5);
    MalformedFileException e = malformed(() -> part.i32(3, PATH));
    assertThat(e.file()).isEqualTo("file.bin");
    assertThat(e.offset()).isEqualTo(53);
    assertThat(malformed(() -> part.renamed("blob").i32(3, PATH)))
        .hasMessageStartingWith("blob at byte 3 ");
  }

  @Test
  void sizesOf2To63AndMoreAreRefused() {
    MemoryReader reader = reader(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
    assertThat(malformed(() -> reader.size64(0, PATH)).found()).isEqualTo("18446744073709551615");
    MemoryReader largest = reader(new byte[] {-1, -1, -1, -1, -1, -1, -1, 127});
    assertThat(largest.size64(0, PATH)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void stringsMustBeUtf8() {
    byte[] text = "né𝄞".getBytes(StandardCharsets.UTF_8);
    MemoryReader reader = reader(text);
    assertThat(reader.utf8(0, text.length, PATH)).isEqualTo("né𝄞");
    assertThat(reader.utf8(1, 0, PATH)).isEmpty();
    malformed(() -> reader.utf8(0, 2, PATH));
    malformed(() -> reader.utf8(2, 1, PATH));
    malformed(() -> reader.utf8(0, -1, PATH));
    malformed(() -> reader.utf8(0, text.length + 1, PATH));
  }

  @Test
  void nobodyWritesThroughAReader() {
    MemoryReader reader = reader(new byte[8]);
    for (MemorySegment segment : new MemorySegment[] {reader.memory(), reader.bytes(2, 4, PATH)}) {
      assertThatThrownBy(() -> segment.set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
