package dev.sconce.cli.internal.inspect;

import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Column;
import dev.sconce.cli.internal.report.Fact;
import dev.sconce.cli.internal.report.Page;
import dev.sconce.cli.internal.report.Section;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.format.Blob;
import dev.sconce.format.ptd.PtdData;
import dev.sconce.format.ptd.PtdEntry;
import dev.sconce.format.ptd.TensorLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The report of external data, the largest first. */
final class PtdPage {

  private PtdPage() {}

  static Page of(PtdData data, String name, long size) {
    Section.Builder rows =
        Rows.of(
            "entries",
            "entries",
            Column.of("key", "key"),
            Column.text("type"),
            Column.json("dtype"),
            Column.json("sizes"),
            Column.json("dimOrder"),
            Column.of("segment", ">segment"),
            Column.of("bytes", ">size"));
    List<PtdEntry> entries = new ArrayList<>(data.entries());
    entries.sort(
        Comparator.comparingLong((PtdEntry entry) -> -bytes(data, entry))
            .thenComparing(PtdEntry::key));
    for (PtdEntry entry : entries) {
      TensorLayout layout = entry.layout();
      rows.row(
          Cell.of(entry.key()),
          layout == null
              ? Cell.none().shown("a backend's data")
              : Cell.of(Values.tensor(layout.dtype(), layout.sizes())),
          layout == null ? Cell.none() : Cell.of(layout.dtype().torchName()),
          layout == null ? Cell.none() : Cell.numbers(layout.sizes()),
          layout == null ? Cell.none() : Cell.numbers(layout.dimOrder()),
          Cell.of(entry.segment()),
          Cell.bytes(bytes(data, entry)));
    }
    return new Page(
        FileFormat.PTD.title(name, size),
        List.of(
            Fact.json("file", Cell.of(name)),
            Fact.json("format", Cell.of(FileFormat.PTD.key())),
            Fact.json("bytes", Cell.of(size)),
            Fact.of("segments", "segments", Cell.of(data.segments().size())),
            Fact.of(
                "segmentBytes",
                "data",
                Cell.bytes(data.segments().stream().mapToLong(Blob::size).sum()))),
        List.of(rows.build()));
  }

  private static long bytes(PtdData data, PtdEntry entry) {
    return data.segments().get(entry.segment()).size();
  }
}
