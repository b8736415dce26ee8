package dev.sconce.format.bpte;

import dev.sconce.base.DType;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Blob;
import dev.sconce.format.Ints;
import dev.sconce.format.bpte.BundledProgram.Case;
import dev.sconce.format.bpte.BundledProgram.Suite;
import dev.sconce.format.bpte.BundledValue.BoolValue;
import dev.sconce.format.bpte.BundledValue.DoubleValue;
import dev.sconce.format.bpte.BundledValue.IntValue;
import dev.sconce.format.bpte.BundledValue.TensorValue;
import dev.sconce.format.flatbuffer.FlatBuffer;
import dev.sconce.format.flatbuffer.FlatTable;

/** Turns the tables of {@code bundled_program_schema.fbs} into records and verifies them. */
final class BundledProgramReader {

  static final String IDENTIFIER = "BP08";

  private BundledProgramReader() {}

  static BundledProgram read(MemoryReader file) {
    FlatTable table = FlatBuffer.of(file).root(IDENTIFIER);
    return new BundledProgram(
        table.u32(0, "version"),
        table.tables(1, "method_test_suites", BundledProgramReader::suite),
        Blob.of(table.bytes(2, "program")));
  }

  private static Suite suite(FlatTable table) {
    return new Suite(
        table.string(0, "method_name"),
        table.tables(1, "test_cases", BundledProgramReader::testCase));
  }

  private static Case testCase(FlatTable table) {
    return new Case(
        table.tables(0, "inputs", BundledProgramReader::value),
        table.tables(1, "expected_outputs", BundledProgramReader::value));
  }

  private static BundledValue value(FlatTable table) {
    int type = table.u8(0, "val_type");
    if (type < 1 || type > 4) {
      throw table.malformed(0, "val_type", "a kind of value from 1 to 4", "" + type);
    }
    FlatTable value = table.table(1, "val");
    return switch (type) {
      case 1 -> tensor(value);
      case 2 -> new IntValue(value.i64(0, "int_val"));
      case 3 -> new BoolValue(value.bool(0, "bool_val"));
      default -> new DoubleValue(value.f64(0, "double_val"));
    };
  }

  private static TensorValue tensor(FlatTable table) {
    int code = table.i8(0, "scalar_type");
    DType dtype =
        DType.ofCode(code)
            .orElseThrow(() -> table.malformed(0, "scalar_type", "a ScalarType", "" + code));
    Ints sizes = Ints.of(table.i32s(1, "sizes"));
    Blob data = Blob.of(table.bytes(2, "data"));
    Ints dimOrder = Ints.of(table.u8s(3, "dim_order"));
    int rank = sizes.size();
    if (dimOrder.size() != rank
        || dimOrder.ints().filter(d -> d < rank).distinct().count() != rank) {
      throw table.malformed(
          3, "dim_order", "each of " + rank + " dimensions once", dimOrder.toString());
    }
    long needed = byteSize(table, dtype, sizes);
    if (data.size() != needed) {
      throw table.malformed(
          2, "data", "the " + needed + " bytes of " + dtype + " " + sizes, data.toString());
    }
    return new TensorValue(dtype, sizes, dimOrder, data);
  }

  private static long byteSize(FlatTable table, DType dtype, Ints sizes) {
    try {
      long count = 1;
      for (int i = 0; i < sizes.size(); i++) {
        if (sizes.at(i) < 0) {
          throw table.malformed(1, "sizes", "sizes of 0 or more", sizes.toString());
        }
        count = Math.multiplyExact(count, (long) sizes.at(i));
      }
      return dtype.byteSize(count);
    } catch (ArithmeticException e) {
      MalformedFileException malformed =
          table.malformed(1, "sizes", "a size that fits 64 bits", sizes.toString());
      malformed.initCause(e);
      throw malformed;
    }
  }
}
