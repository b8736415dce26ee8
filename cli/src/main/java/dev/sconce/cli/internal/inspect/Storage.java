package dev.sconce.cli.internal.inspect;

import dev.sconce.cli.internal.inspect.DelegateBlobs.DelegateBlob;
import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Column;
import dev.sconce.cli.internal.report.Section;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.format.pte.BackendDelegate;
import dev.sconce.format.pte.DataSegment;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.NamedData;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteProgram;
import dev.sconce.format.pte.SubsegmentOffsets;
import dev.sconce.format.xnnpack.XnnConstant;
import dev.sconce.format.xnnpack.XnnGraph;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tables of what lies behind the program table. */
final class Storage {

  private Storage() {}

  static long segmentBytes(PteFile file) {
    return file.program().segments().stream().mapToLong(DataSegment::size).sum();
  }

  static Rows segments(PteFile file) {
    Section.Builder rows =
        Rows.of(
            "segments",
            "", // people see the sums
            Column.json("index"),
            Column.json("use"),
            Column.json("offset"),
            Column.json("bytes"));
    String[] uses = uses(file.program());
    for (int i = 0; i < uses.length; i++) {
      DataSegment segment = file.program().segments().get(i);
      rows.row(
          Cell.of(i),
          Cell.of(uses[i]),
          Cell.of(file.header().segmentBase() + segment.offset()),
          Cell.bytes(segment.size()));
    }
    return rows.build();
  }

  static Rows summary(PteFile file) {
    Section.Builder rows =
        Rows.of(
            "segmentUse",
            "segments",
            Column.of("use", "hold"),
            Column.of("segments", ">segments"),
            Column.of("bytes", ">size"));
    String[] uses = uses(file.program());
    Map<String, long[]> sums = new TreeMap<>();
    for (int i = 0; i < uses.length; i++) {
      long[] sum = sums.computeIfAbsent(uses[i], _ -> new long[2]);
      sum[0]++;
      sum[1] += file.program().segments().get(i).size();
    }
    sums.forEach((use, sum) -> rows.row(Cell.of(use), Cell.of(sum[0]), Cell.bytes(sum[1])));
    return rows.build();
  }

  private static String[] uses(PteProgram program) {
    String[] uses = new String[program.segments().size()];
    Arrays.fill(uses, "nothing that is used");
    SubsegmentOffsets constants = program.constantSegment();
    if (constants != null && constants.segmentIndex() < uses.length) {
      uses[constants.segmentIndex()] = "constants";
    }
    for (SubsegmentOffsets initial : program.mutableDataSegments()) {
      if (initial.segmentIndex() < uses.length) {
        uses[initial.segmentIndex()] = "initial values";
      }
    }
    for (ExecutionPlan plan : program.plans()) {
      for (BackendDelegate delegate : plan.delegates()) {
        if (delegate.location() == BackendDelegate.DataLocation.SEGMENT) {
          uses[delegate.index()] = "delegate blobs";
        }
      }
    }
    for (NamedData data : program.namedData()) {
      uses[data.segmentIndex()] = "named data";
    }
    return uses;
  }

  static Rows namedData(PteFile file, DelegateBlobs blobs) {
    Section.Builder rows =
        Rows.of(
            "namedData",
            "named data",
            Column.of("key", "key"),
            Column.of("segment", ">segment"),
            Column.of("bytes", ">size"),
            Column.of("users", "blobs that use it"));
    Map<String, Set<Integer>> users = new HashMap<>();
    for (DelegateBlob blob : blobs.all()) {
      XnnGraph graph = blob.graph();
      for (String key : keys(graph == null ? List.of() : graph.constants())) {
        users.computeIfAbsent(key, _ -> new TreeSet<>()).add(blob.index());
      }
    }
    for (NamedData data : file.program().namedData()) {
      List<Integer> used = List.copyOf(users.getOrDefault(data.key(), Set.of()));
      rows.row(
          Cell.of(data.key()),
          Cell.of(data.segmentIndex()),
          Cell.bytes(file.program().segments().get(data.segmentIndex()).size()),
          Cell.numbers(used).shown(String.join(", ", used.stream().map(String::valueOf).toList())));
    }
    return rows.build();
  }

  /** Returns the names of constants that lie outside of a blob. */
  static Set<String> keys(List<XnnConstant> constants) {
    Set<String> keys = new HashSet<>();
    for (XnnConstant constant : constants) {
      if (constant instanceof XnnConstant.Named(String key, _)) {
        keys.add(key);
      }
    }
    return keys;
  }
}
