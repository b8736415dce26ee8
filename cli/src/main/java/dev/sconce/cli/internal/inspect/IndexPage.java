package dev.sconce.cli.internal.inspect;

import dev.sconce.base.MalformedFileException;
import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Column;
import dev.sconce.cli.internal.report.Fact;
import dev.sconce.cli.internal.report.Page;
import dev.sconce.cli.internal.report.Section;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.format.safetensors.SafetensorsFile;
import dev.sconce.format.safetensors.SafetensorsIndex;
import dev.sconce.format.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The report of a checkpoint in several files; files that are not there are said to be missing. */
final class IndexPage {

  private final SafetensorsIndex index;
  private final List<TensorInfo> tensors = new ArrayList<>();
  private final Map<String, Long> sizes = new TreeMap<>();

  private IndexPage(SafetensorsIndex index) {
    this.index = index;
  }

  static Page of(SafetensorsIndex index, Path file, long size) throws IOException {
    IndexPage page = new IndexPage(index);
    page.openShards(file);
    return page.page(file.toString(), size);
  }

  private void openShards(Path file) throws IOException {
    for (String shard : new TreeSet<>(index.shards().values())) {
      Path path = file.resolveSibling(shard);
      if (!Files.exists(path)) {
        continue;
      }
      try (SafetensorsFile open = SafetensorsFile.open(path)) {
        sizes.put(shard, Files.size(path));
        for (Map.Entry<String, String> entry : index.shards().entrySet()) {
          if (entry.getValue().equals(shard)) {
            if (!open.contains(entry.getKey())) {
              throw new MalformedFileException(
                  path.toString(), 0, "header", "the tensor " + entry.getKey(), "none");
            }
            tensors.add(open.info(entry.getKey()));
          }
        }
      }
    }
  }

  private Page page(String name, long size) {
    return new Page(
        FileFormat.SAFETENSORS_INDEX.title(name, size),
        List.of(
            Fact.json("file", Cell.of(name)),
            Fact.json("format", Cell.of(FileFormat.SAFETENSORS_INDEX.key())),
            Fact.json("bytes", Cell.of(size)),
            Fact.json("metadata", new Cell("", index.metadata())),
            Fact.of("tensorCount", "tensors", Cell.of(index.shards().size())),
            Fact.of(
                "elements",
                "elements",
                Cell.of(tensors.stream().mapToLong(TensorInfo::elements).sum())),
            Fact.of(
                "tensorBytes",
                "data",
                Cell.bytes(tensors.stream().mapToLong(TensorInfo::byteSize).sum()))),
        List.of(shards(), SafetensorsPage.types(tensors), rows()));
  }

  private Rows shards() {
    Section.Builder rows =
        Rows.of(
            "shards",
            "shards",
            Column.of("file", "file"),
            Column.of("tensors", ">tensors"),
            Column.of("bytes", ">size"),
            Column.of("missing", "note"));
    Map<String, Integer> counts = new TreeMap<>();
    index.shards().values().forEach(shard -> counts.merge(shard, 1, Integer::sum));
    counts.forEach(
        (shard, count) -> {
          Long size = sizes.get(shard);
          rows.row(
              Cell.of(shard),
              Cell.of(count),
              size == null ? Cell.none() : Cell.bytes(size),
              Cell.flag(size == null, "the file is missing"));
        });
    return rows.build();
  }

  private Rows rows() {
    Section.Builder rows =
        Rows.of(
            "tensors",
            "tensors",
            Column.of("name", "name"),
            Column.of("dtype", "type"),
            Column.of("shape", "shape"),
            Column.of("bytes", ">size"),
            Column.of("file", "file"));
    for (TensorInfo tensor : tensors) {
      rows.row(
          Cell.of(tensor.name()),
          Cell.of(tensor.type().name()),
          Cell.numbers(tensor.shape()),
          Cell.bytes(tensor.byteSize()),
          Cell.of(index.shards().get(tensor.name())));
    }
    return rows.build();
  }
}
