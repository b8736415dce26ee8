package dev.sconce.cli.internal.inspect;

import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Column;
import dev.sconce.cli.internal.report.Fact;
import dev.sconce.cli.internal.report.Page;
import dev.sconce.cli.internal.report.Printable;
import dev.sconce.cli.internal.report.Section;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.format.safetensors.SafetensorsHeader;
import dev.sconce.format.safetensors.SafetensorsType;
import dev.sconce.format.safetensors.TensorInfo;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The report of a safetensors file, tensors in the order of their data. */
final class SafetensorsPage {

  private static final int SHOWN = 100;

  private SafetensorsPage() {}

  static Page of(SafetensorsHeader header, String name, long size) {
    Section.Builder metadata =
        Rows.of("metadata", "metadata", Column.of("key", "key"), Column.of("value", "value"));
    header
        .metadata()
        .forEach(
            (key, value) ->
                metadata.row(
                    Cell.of(key), Cell.of(value).shown(Printable.shortened(value, SHOWN))));
    long parameters = header.tensors().stream().mapToLong(TensorInfo::elements).sum();
    long bytes = header.tensors().stream().mapToLong(TensorInfo::byteSize).sum();
    return new Page(
        FileFormat.SAFETENSORS.title(name, size),
        List.of(
            Fact.json("file", Cell.of(name)),
            Fact.json("format", Cell.of(FileFormat.SAFETENSORS.key())),
            Fact.json("bytes", Cell.of(size)),
            Fact.of("tensorCount", "tensors", Cell.of(header.tensors().size())),
            Fact.of("elements", "elements", Cell.of(parameters)),
            Fact.of("tensorBytes", "data", Cell.bytes(bytes)),
            Fact.json("dataOffset", Cell.of(header.dataOffset()))),
        List.of(types(header.tensors()), metadata.build(), tensors(header.tensors())));
  }

  static Rows types(List<TensorInfo> tensors) {
    Section.Builder rows =
        Rows.of(
            "types",
            "types",
            Column.of("dtype", "type"),
            Column.of("tensors", ">tensors"),
            Column.of("elements", ">elements"),
            Column.of("bytes", ">size"));
    Map<SafetensorsType, long[]> sums = new EnumMap<>(SafetensorsType.class);
    for (TensorInfo tensor : tensors) {
      long[] sum = sums.computeIfAbsent(tensor.type(), _ -> new long[3]);
      sum[0]++;
      sum[1] += tensor.elements();
      sum[2] += tensor.byteSize();
    }
    sums.forEach(
        (type, sum) ->
            rows.row(Cell.of(type.name()), Cell.of(sum[0]), Cell.of(sum[1]), Cell.bytes(sum[2])));
    return rows.build();
  }

  private static Rows tensors(List<TensorInfo> tensors) {
    Section.Builder rows =
        Rows.of(
            "tensors",
            "tensors",
            Column.of("name", "name"),
            Column.of("dtype", "type"),
            Column.of("shape", "shape"),
            Column.of("begin", ""),
            Column.of("bytes", ">size"));
    for (TensorInfo tensor : tensors) {
      rows.row(
          Cell.of(tensor.name()),
          Cell.of(tensor.type().name()),
          Cell.numbers(tensor.shape()),
          Cell.of(tensor.begin()),
          Cell.bytes(tensor.byteSize()));
    }
    return rows.build();
  }
}
