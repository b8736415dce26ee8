package dev.sconce.format.npy;

import dev.sconce.base.DType;
import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.AtomicFile;
import dev.sconce.base.memory.FieldPath;
import dev.sconce.base.memory.MappedFile;
import dev.sconce.base.memory.MemoryReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads and writes npy files.
 *
 * <pre>
 *   0   6 B   0x93 "NUMPY"
 *   6   u8    major version: 1, 2 or 3
 *   7   u8    minor version: 0
 *   8   u16   header length (version 1), or u32 (versions 2 and 3)
 *   10  …     header: a Python dictionary, ASCII (version 3: UTF-8), padded to 64 bytes
 *   …   …     the elements
 * </pre>
 */
public final class Npy {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final long MAX_HEADER = 1 << 16;
  private static final int ALIGNMENT = 64;
  private static final int VERSION_1_START = 10;
  private static final int VERSION_2_START = 12;

  /** NumPy leaves room to enlarge the first dimension in place: 21 digits. */
  private static final int GROWTH = 21;

  private Npy() {}

  /**
   * Reads a file. The data are a mapping of it that lasts as long as something refers to them.
   *
   * @throws IOException if it cannot be read
   * @throws MalformedFileException if it is not an array of a numeric type in npy's form
   */
  public static NpyArray read(Path path) throws IOException {
    return read(MappedFile.readerOf(path));
  }

  /**
   * Reads an array; its data are a view of the given memory.
   *
   * @throws MalformedFileException if it is not an array of a numeric type in npy's form
   */
  public static NpyArray read(MemoryReader file) {
    FieldPath root = FieldPath.root();
    MemorySegment magic = file.bytes(0, MAGIC.length, root.field("magic"));
    if (magic.mismatch(MemorySegment.ofArray(MAGIC)) >= 0) {
      throw file.malformed(0, root.field("magic"), "\\x93NUMPY", "other bytes");
    }
    int major = file.u8(6, root.field("version"));
    int minor = file.u8(7, root.field("version"));
    if (major < 1 || major > 3 || minor != 0) {
      throw file.malformed(6, root.field("version"), "1.0, 2.0 or 3.0", major + "." + minor);
    }
    FieldPath lengthPath = root.field("header_length");
    long length = major == 1 ? file.u16(8, lengthPath) : file.u32(8, lengthPath);
    long start = major == 1 ? VERSION_1_START : VERSION_2_START;
    if (length > MAX_HEADER) {
      throw file.malformed(8, lengthPath, "at most " + MAX_HEADER, Long.toString(length));
    }
    String text = file.utf8(start, (int) length, root.field("header"));
    NpyHeader header = NpyHeader.parse(file, start, text);
    return array(file, header, start + length);
  }

  private static NpyArray array(MemoryReader file, NpyHeader header, long start) {
    String descriptor = header.descriptor();
    char order = descriptor.isEmpty() ? '\0' : descriptor.charAt(0);
    NpyType type =
        "<>|=".indexOf(order) >= 0
            ? NpyType.ofName(descriptor.substring(1)).orElse(null)
            : NpyType.ofName(descriptor).orElse(null);
    // '|' means "has no byte order", which holds for single bytes only.
    if (type == null || (order == '|' && type.dtype().size() > 1)) {
      throw file.malformed(
          VERSION_1_START,
          FieldPath.root().field("descr"),
          "a numeric type such as <f4, >i8 or |b1",
          "'" + descriptor + "'");
    }
    long size = type.dtype().size();
    try {
      for (long dimension : header.shape()) {
        size = Math.multiplyExact(size, dimension);
      }
    } catch (ArithmeticException e) {
      MalformedFileException malformed =
          file.malformed(
              VERSION_1_START,
              FieldPath.root().field("shape"),
              "a size that fits 64 bits",
              header.shape().toString());
      malformed.initCause(e);
      throw malformed;
    }
    FieldPath path = FieldPath.root().field("data");
    MemorySegment data = file.bytes(start, size, path);
    if (start + size != file.size()) {
      throw file.malformed(
          start + size,
          path,
          "the end of the file after " + size + " bytes of data",
          (file.size() - start - size) + " more bytes");
    }
    ByteOrder bytes = order == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return new NpyArray(type.dtype(), header.shape(), bytes, header.columnMajor(), data);
  }

  /**
   * Writes an array in version 1, row-major and little-endian, byte for byte as NumPy does.
   *
   * @throws IOException if it cannot be written
   * @throws InvalidInputException if npy has no such element type (bfloat16 for one), or the data's
   *     size is not the shape's
   */
  public static void write(Path path, NpyArray array) throws IOException {
    byte[] header = header(path.toString(), array);
    try (AtomicFile file = AtomicFile.create(path)) {
      file.write(0, MemorySegment.ofArray(header));
      file.write(header.length, array.canonical().data());
      file.commit();
    }
  }

  /**
   * Returns an array in version 1, row-major and little-endian.
   *
   * @throws InvalidInputException if npy has no such element type (bfloat16 for one), or the data's
   *     size is not the shape's
   */
  public static byte[] toBytes(NpyArray array) {
    byte[] header = header("npy", array);
    byte[] data = array.canonical().data().toArray(ValueLayout.JAVA_BYTE);
    return ByteBuffer.allocate(header.length + data.length).put(header).put(data).array();
  }

  private static byte[] header(String where, NpyArray array) {
    NpyType type = NpyType.of(array.dtype()).orElseThrow(() -> noSuchType(where, array.dtype()));
    long size = type.dtype().size();
    for (long dimension : array.shape()) {
      size = Math.multiplyExact(size, dimension);
    }
    if (size != array.data().byteSize()) {
      throw new InvalidInputException(
          where, "data", size + " bytes for " + array.shape(), array.data().byteSize() + " bytes");
    }
    String dictionary =
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }"
            .formatted(type.descriptor(), tuple(array.shape()));
    int growth =
        array.shape().isEmpty() ? 0 : GROWTH - array.shape().getFirst().toString().length();
    int used = VERSION_1_START + dictionary.length() + growth + 1;
    int total = Math.ceilDiv(used, ALIGNMENT) * ALIGNMENT;
    String text = dictionary + " ".repeat(total - used + growth) + "\n";
    return ByteBuffer.allocate(total)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) (total - VERSION_1_START))
        .put(text.getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  private static InvalidInputException noSuchType(String where, DType dtype) {
    return new InvalidInputException(
        where,
        "dtype",
        "a type that npy has: bool, integers, float16 to float64, complex",
        "" + dtype);
  }

  /** Spells a shape as Python does: {@code ()}, {@code (3,)}, {@code (3, 4)}. */
  private static String tuple(List<Long> shape) {
    String sizes = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return "(" + sizes + (shape.size() == 1 ? ",)" : ")");
  }
}
