package dev.sconce.format.ptd;

import dev.sconce.base.InvalidInputException;
import dev.sconce.format.Blob;
import dev.sconce.format.flatbuffer.FlatBufferBuilder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where everything of a {@code .ptd} file lies, and its tables with the header. */
final class PtdLayout {

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int SEGMENT_ALIGNMENT = 128;

  private final MemorySegment table;
  private final long[] offsets;

  private PtdLayout(MemorySegment table, long[] offsets) {
    this.table = table;
    this.offsets = offsets;
  }

  static PtdLayout of(PtdData data) {
    check(data);
    long[] offsets = new long[data.segments().size()];
    long end = 0;
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = aligned(end);
      end = offsets[i] + data.segments().get(i).size();
    }
    MemorySegment table = encode(data, offsets);
    long base = aligned(table.byteSize());
    table.set(INT, PtdReader.HEADER_OFFSET, PtdReader.MAGIC);
    table.set(INT, 12, PtdReader.HEADER_SIZE);
    table.set(LONG, 16, PtdReader.TABLES_OFFSET);
    table.set(LONG, 24, table.byteSize() - PtdReader.TABLES_OFFSET);
    table.set(LONG, 32, base);
    table.set(LONG, 40, end);
    MemorySegment padded = MemorySegment.ofArray(new byte[Math.toIntExact(base)]);
    padded.copyFrom(table);
    return new PtdLayout(padded, offsets);
  }

  /** The tables with the header, padded up to the first segment. */
  MemorySegment table() {
    return table;
  }

  long segmentOffset(int index) {
    return table.byteSize() + offsets[index];
  }

  private static long aligned(long position) {
    return Math.ceilDiv(position, (long) SEGMENT_ALIGNMENT) * SEGMENT_ALIGNMENT;
  }

  private static void check(PtdData data) {
    Set<String> keys = new HashSet<>();
    for (PtdEntry entry : data.entries()) {
      if (entry.segment() < 0 || entry.segment() >= data.segments().size()) {
        throw new InvalidInputException(
            "ptd",
            entry.key(),
            "a segment below " + data.segments().size(),
            "segment " + entry.segment());
      }
      if (!keys.add(entry.key())) {
        throw new InvalidInputException("ptd", entry.key(), "keys that occur once", "it again");
      }
    }
  }

  private static MemorySegment encode(PtdData data, long[] offsets) {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    int entries = builder.vector(data.entries(), entry -> entry(builder, entry));
    int[] positions = new int[offsets.length];
    List<Blob> segments = data.segments();
    for (int i = 0; i < positions.length; i++) {
      positions[i] = builder.table().i64(0, offsets[i]).i64(1, segments.get(i).size()).end();
    }
    int root = builder.table().ref(1, builder.refs(positions)).ref(2, entries).end();
    // The header and its padding lie between the identifier and the tables.
    int reserved = PtdReader.TABLES_OFFSET;
    return builder.finish(root, PtdReader.IDENTIFIER, reserved);
  }

  private static int entry(FlatBufferBuilder builder, PtdEntry entry) {
    int key = builder.string(entry.key());
    TensorLayout layout = entry.layout();
    if (layout == null) {
      return builder.table().ref(0, key).i32(1, entry.segment()).end();
    }
    int sizes = builder.i32s(layout.sizes().toIntArray());
    int dimOrder = builder.u8s(layout.dimOrder().toIntArray());
    int tensor = builder.table().i8(0, layout.dtype().code()).ref(1, sizes).ref(2, dimOrder).end();
    return builder.table().ref(0, key).i32(1, entry.segment()).ref(2, tensor).end();
  }
}
