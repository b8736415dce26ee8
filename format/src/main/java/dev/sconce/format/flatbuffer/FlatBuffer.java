package dev.sconce.format.flatbuffer;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.FieldPath;
import dev.sconce.base.memory.MemoryReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A FlatBuffer in untrusted memory.
 *
 * <pre>
 *   [u32 size prefix]  u32 offset of the root table  [4 bytes identifier]  ...
 * </pre>
 *
 * <p>Nothing in it is believed. Every table, vtable, vector, string and union is checked against
 * the buffer before it is read, nesting is limited, and so is the total of bytes visited: a small
 * file whose vectors all point at one large table costs what its size allows and no more.
 *
 * <p>Instances count what was read and are therefore confined to one thread.
 */
public final class FlatBuffer {

  /** No format read here nests deeper than ten tables. */
  private static final int MAX_DEPTH = 64;

  /**
   * How often each byte of the buffer may be visited on average. Writers share strings and empty
   * tables, so one visit a byte is too few; a cyclic file reaches any limit.
   */
  private static final long VISITS_PER_BYTE = 8;

  private static final long FREE_VISITS = 1 << 16;

  private final MemoryReader bytes;
  private final long start;
  private final @Nullable FieldProbe probe;
  private long budget;

  private FlatBuffer(MemoryReader bytes, long start, @Nullable FieldProbe probe) {
    this.bytes = bytes;
    this.start = start;
    this.probe = probe;
    this.budget = VISITS_PER_BYTE * bytes.size() + FREE_VISITS;
  }

  /** Returns the FlatBuffer that starts with the region and ends with it or before. */
  public static FlatBuffer of(MemoryReader bytes) {
    return new FlatBuffer(bytes, 0, null);
  }

  /**
   * Returns a FlatBuffer that also tells a probe where in the file each field stands that is read.
   */
  public static FlatBuffer of(MemoryReader bytes, FieldProbe probe) {
    return new FlatBuffer(bytes, 0, probe);
  }

  /**
   * Returns a FlatBuffer that follows its own 32-bit size.
   *
   * @throws MalformedFileException if the size does not fit the region
   */
  public static FlatBuffer ofSizePrefixed(MemoryReader bytes) {
    FieldPath path = FieldPath.root().field("size_prefix");
    long size = bytes.u32(0, path);
    bytes.check(Integer.BYTES, size, path);
    return new FlatBuffer(
        bytes.slice(0, Integer.BYTES + size, FieldPath.root()), Integer.BYTES, null);
  }

  /** Returns the four characters after the root offset, one a byte. */
  public String identifier() {
    FieldPath path = FieldPath.root().field("file_identifier");
    byte[] id = new byte[Integer.BYTES];
    for (int i = 0; i < id.length; i++) {
      id[i] = bytes.i8(start + Integer.BYTES + i, path);
    }
    return new String(id, StandardCharsets.ISO_8859_1);
  }

  /**
   * Checks the identifier and returns the root table.
   *
   * @param identifiers the identifiers that are accepted
   */
  public FlatTable root(String... identifiers) {
    String found = identifier();
    for (String identifier : identifiers) {
      if (identifier.equals(found)) {
        return root();
      }
    }
    throw bytes.malformed(
        start + Integer.BYTES,
        FieldPath.root().field("file_identifier"),
        "\"" + String.join("\" or \"", identifiers) + "\"",
        Text.quoted(found));
  }

  /** Returns the root table of a buffer that has no identifier, or whose identifier is known. */
  public FlatTable root() {
    FieldPath path = FieldPath.root();
    return table(follow(start, path.field("root")), path, 0);
  }

  MemoryReader bytes() {
    return bytes;
  }

  @Nullable FieldProbe probe() {
    return probe;
  }

  /** Counts bytes as visited. */
  void visit(long count, long offset, FieldPath path) {
    budget -= count;
    if (budget < 0) {
      throw bytes.malformed(
          offset,
          path,
          "tables that share little of their content",
          "more than " + VISITS_PER_BYTE + " times the buffer's size by following its offsets");
    }
  }

  /** Returns where the 32-bit offset at a position leads. */
  long follow(long position, FieldPath path) {
    long offset = bytes.u32(position, path);
    if (offset == 0 || offset > bytes.size() - position) {
      throw bytes.malformed(
          position,
          path,
          "an offset that ends inside the " + bytes.size() + " bytes of the buffer",
          "offset " + offset);
    }
    return position + offset;
  }

  FlatTable table(long position, FieldPath path, int depth) {
    if (depth > MAX_DEPTH) {
      throw bytes.malformed(
          position, path, "at most " + MAX_DEPTH + " nested tables", "a deeper nesting");
    }
    return FlatTable.at(this, position, path, depth);
  }
}
