package dev.sconce.cli.internal.inspect;

import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Fact;
import dev.sconce.cli.internal.report.Page;
import dev.sconce.format.npy.NpyArray;
import java.nio.ByteOrder;
import java.util.List;

/** The report of a NumPy array. */
final class NpyPage {

  private NpyPage() {}

  static Page of(NpyArray array, String name, long size) {
    boolean little = array.order() == ByteOrder.LITTLE_ENDIAN;
    return new Page(
        FileFormat.NPY.title(name, size),
        List.of(
            Fact.json("file", Cell.of(name)),
            Fact.json("format", Cell.of(FileFormat.NPY.key())),
            Fact.json("bytes", Cell.of(size)),
            Fact.of("dtype", "type", Cell.of(array.dtype().torchName())),
            Fact.of("shape", "shape", Cell.numbers(array.shape())),
            Fact.of("byteOrder", "byte order", Cell.of(little ? "little-endian" : "big-endian")),
            Fact.of("order", "layout", Cell.of(array.columnMajor() ? "column-major" : "row-major")),
            Fact.of("dataBytes", "data", Cell.bytes(array.data().byteSize()))),
        List.of());
  }
}
