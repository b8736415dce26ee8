package dev.sconce.format.ptd;

import dev.sconce.base.DType;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.FieldPath;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Blob;
import dev.sconce.format.Ints;
import dev.sconce.format.flatbuffer.FlatBuffer;
import dev.sconce.format.flatbuffer.FlatTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads and verifies a {@code .ptd} file.
 *
 * <pre>
 *   0  u32  offset of the root table        16  u64  n, where the table's own bytes go on (48)
 *   4  4 B  "FT01"                          24  u64  their size without the n bytes before
 *   8  4 B  "FH01"                          32  u64  offset of the segments, a multiple of 128
 *   12 u32  length of this header, 40       40  u64  size of all segments with what is between
 * </pre>
 *
 * <p>The header stands inside the FlatBuffer, between its identifier and its tables.
 */
final class PtdReader {

  static final String IDENTIFIER = "FT01";

  /** "FH01", read as a little-endian number. */
  static final int MAGIC = '1' << 24 | '0' << 16 | 'H' << 8 | 'F';

  static final int HEADER_OFFSET = 8;
  static final int HEADER_SIZE = 40;

  /** Where the tables start: after the header, rounded up to 16 bytes. */
  static final int TABLES_OFFSET = 48;

  private final MemoryReader segmentData;

  private PtdReader(MemoryReader segmentData) {
    this.segmentData = segmentData;
  }

  static PtdData read(MemoryReader file) {
    FieldPath path = FieldPath.root().field("header");
    if (file.i32(HEADER_OFFSET, path.field("magic")) != MAGIC) {
      throw file.malformed(HEADER_OFFSET, path.field("magic"), "\"FH01\"", "other bytes");
    }
    long length = file.u32(12, path.field("length"));
    if (length < HEADER_SIZE) {
      throw file.malformed(12, path.field("length"), "at least " + HEADER_SIZE, "" + length);
    }
    long tables = file.size64(16, path.field("flatbuffer_offset"));
    long tablesSize = file.size64(24, path.field("flatbuffer_size"));
    file.check(tables, tablesSize, path.field("flatbuffer_size"));
    long base = file.size64(32, path.field("segment_base_offset"));
    long size = file.size64(40, path.field("segment_data_size"));
    if (base < tables + tablesSize) {
      throw file.malformed(
          32,
          path.field("segment_base_offset"),
          "segments after the tables, which end at " + (tables + tablesSize),
          "" + base);
    }
    MemoryReader segments = file.slice(base, size, path.field("segment_data_size"));
    FlatBuffer buffer = FlatBuffer.of(file.slice(0, tables + tablesSize, path));
    return new PtdReader(segments).data(buffer.root(IDENTIFIER));
  }

  private PtdData data(FlatTable table) {
    long version = table.u32(0, "version");
    if (version != 0) {
      throw table.malformed(0, "version", "0", "" + version);
    }
    List<Blob> segments = table.tables(1, "segments", this::segment);
    Set<String> keys = new HashSet<>();
    List<PtdEntry> entries =
        table.tables(2, "named_data", t -> unique(t, entry(t, segments), keys));
    return new PtdData(segments, entries);
  }

  private Blob segment(FlatTable table) {
    return Blob.of(
        segmentData.bytes(table.size64(0, "offset"), table.size64(1, "size"), table.path()));
  }

  private static PtdEntry unique(FlatTable table, PtdEntry entry, Set<String> keys) {
    if (!keys.add(entry.key())) {
      throw table.malformed(0, "key", "keys that occur once", "'" + entry.key() + "' again");
    }
    return entry;
  }

  private static PtdEntry entry(FlatTable table, List<Blob> segments) {
    int segment = table.index(1, "segment_index");
    if (segment >= segments.size()) {
      throw table.malformed(1, "segment_index", "an index below " + segments.size(), "" + segment);
    }
    FlatTable layout = table.optionalTable(2, "tensor_layout");
    return new PtdEntry(
        table.string(0, "key"),
        segment,
        layout == null ? null : layout(layout, segments.get(segment).size()));
  }

  private static TensorLayout layout(FlatTable table, long available) {
    int code = table.i8(0, "scalar_type");
    DType dtype =
        DType.ofCode(code)
            .orElseThrow(() -> table.malformed(0, "scalar_type", "a ScalarType", "" + code));
    TensorLayout layout =
        new TensorLayout(
            dtype, Ints.of(table.i32s(1, "sizes")), Ints.of(table.u8s(2, "dim_order")));
    if (layout.sizes().ints().anyMatch(size -> size < 0)) {
      throw table.malformed(1, "sizes", "sizes of 0 or more", layout.sizes().toString());
    }
    int rank = layout.sizes().size();
    if (layout.dimOrder().size() != rank
        || layout.dimOrder().ints().filter(d -> d < rank).distinct().count() != rank) {
      throw table.malformed(
          2, "dim_order", "each of " + rank + " dimensions once", layout.dimOrder().toString());
    }
    checkSize(table, layout, available);
    return layout;
  }

  private static void checkSize(FlatTable table, TensorLayout layout, long available) {
    @Nullable ArithmeticException overflow = null;
    try {
      if (layout.byteSize() <= available) {
        return;
      }
    } catch (ArithmeticException e) {
      overflow = e;
    }
    MalformedFileException malformed =
        table.malformed(
            1,
            "sizes",
            "a tensor of at most the segment's " + available + " bytes",
            layout.dtype() + " " + layout.sizes());
    if (overflow != null) {
      malformed.initCause(overflow);
    }
    throw malformed;
  }
}
