package dev.sconce.format.pte;

import dev.sconce.base.memory.FieldPath;
import dev.sconce.base.memory.MemoryReader;

/**
 * The extended header, which tells the program table from the segments behind it.
 *
 * <pre>
 *    0  u32  offset of the root table
 *    4  4B   "ET12"
 *    8  4B   "eh00"
 *   12  u32  length of the header from here-4 on: 24, or 32 and more
 *   16  u64  size of the program table, counted from 0
 *   24  u64  offset of the first segment, or 0
 *   32  u64  bytes of all segments together with padding; not in a header of 24 bytes
 * </pre>
 *
 * @param form the form
 * @param programSize bytes of the program table from the file's start
 * @param segmentBase where the segments start; 0 if there are none
 * @param segmentDataSize bytes from there to the end of the last segment; 0 if not stated
 */
public record PteHeader(HeaderForm form, long programSize, long segmentBase, long segmentDataSize) {

  static final int OFFSET = 8;
  static final int MAGIC = 'e' | 'h' << 8 | '0' << 16 | '0' << 24;

  /** Reads the header of a file, or infers it if there is none. */
  static PteHeader read(MemoryReader bytes) {
    FieldPath path = FieldPath.root().field("extended_header");
    if (bytes.size() < OFFSET + HeaderForm.SHORT.length() || bytes.i32(OFFSET, path) != MAGIC) {
      return new PteHeader(HeaderForm.NONE, bytes.size(), 0, 0);
    }
    FieldPath lengthPath = path.field("length");
    long length = bytes.u32(12, lengthPath);
    if (length != HeaderForm.SHORT.length() && length < HeaderForm.FULL.length()) {
      throw bytes.malformed(12, lengthPath, "24, or 32 and more", "" + length);
    }
    bytes.check(OFFSET, length, lengthPath);
    FieldPath programPath = path.field("program_size");
    long programSize = bytes.size64(16, programPath);
    if (programSize < OFFSET + length || programSize > bytes.size()) {
      throw bytes.malformed(
          16,
          programPath,
          "at least the header's %d bytes and at most the file's %d"
              .formatted(OFFSET + length, bytes.size()),
          "" + programSize);
    }
    FieldPath basePath = path.field("segment_base_offset");
    long segmentBase = bytes.size64(24, basePath);
    if (segmentBase != 0 && (segmentBase < programSize || segmentBase > bytes.size())) {
      throw bytes.malformed(
          24,
          basePath,
          "0, or an offset from the program's end at %d to the file's at %d"
              .formatted(programSize, bytes.size()),
          "" + segmentBase);
    }
    if (length == HeaderForm.SHORT.length()) {
      return new PteHeader(HeaderForm.SHORT, programSize, segmentBase, 0);
    }
    FieldPath sizePath = path.field("segment_data_size");
    long segmentDataSize = bytes.size64(32, sizePath);
    if (segmentDataSize > bytes.size() - segmentBase) {
      throw bytes.malformed(
          32,
          sizePath,
          "at most the %d bytes from the segment base on".formatted(bytes.size() - segmentBase),
          "" + segmentDataSize);
    }
    return new PteHeader(HeaderForm.FULL, programSize, segmentBase, segmentDataSize);
  }
}
