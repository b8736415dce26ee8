package dev.sconce.format.xnnpack;

import dev.sconce.base.memory.FieldPath;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.xnnpack.XnnGraph.Form;

/**
 * Where the parts of a blob are.
 *
 * <pre>
 *   0   4 B  zeros                       10  u32  offset of the FlatBuffer
 *   4   4 B  "XH00"                      14  u32  its size
 *   8   u16  length of this header, 30   18  u32  offset of the constants
 *                                        22  u64  their size
 * </pre>
 *
 * <p>A blob without a header is the FlatBuffer, whose identifier stands where the magic would.
 */
record XnnHeader(
    Form form, long tableOffset, long tableSize, long constantOffset, long constantSize) {

  static final String MAGIC = "XH00";

  /** The magic, read as a little-endian number. */
  private static final int MAGIC_NUMBER = '0' << 24 | '0' << 16 | 'H' << 8 | 'X';

  /** The identifiers of the FlatBuffer that are accepted, today's first. */
  static final String[] IDENTIFIERS = {"XN01", "XN00"};

  static final int SIZE = 30;

  /** The parts start at multiples of this. */
  static final int ALIGNMENT = 16;

  static XnnHeader read(MemoryReader blob) {
    FieldPath path = FieldPath.root().field("header");
    if (blob.i32(4, path.field("magic")) != MAGIC_NUMBER) {
      return new XnnHeader(Form.FLATBUFFER_ONLY, 0, blob.size(), 0, 0);
    }
    int length = blob.u16(8, path.field("length"));
    if (length < SIZE) {
      throw blob.malformed(8, path.field("length"), "at least " + SIZE, "" + length);
    }
    XnnHeader header =
        new XnnHeader(
            Form.HEADER,
            blob.u32(10, path.field("flatbuffer_offset")),
            blob.u32(14, path.field("flatbuffer_size")),
            blob.u32(18, path.field("constant_data_offset")),
            blob.size64(22, path.field("constant_data_size")));
    blob.check(header.tableOffset, header.tableSize, path.field("flatbuffer_size"));
    blob.check(header.constantOffset, header.constantSize, path.field("constant_data_size"));
    if (header.tableOffset < SIZE
        || header.constantOffset < header.tableOffset + header.tableSize) {
      throw blob.malformed(
          10,
          path,
          "header, FlatBuffer and constants one after the other",
          "a FlatBuffer of %d bytes at %d and constants at %d"
              .formatted(header.tableSize, header.tableOffset, header.constantOffset));
    }
    return header;
  }
}
