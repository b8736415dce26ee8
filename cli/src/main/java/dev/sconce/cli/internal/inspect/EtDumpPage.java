package dev.sconce.cli.internal.inspect;

import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Column;
import dev.sconce.cli.internal.report.Fact;
import dev.sconce.cli.internal.report.Page;
import dev.sconce.cli.internal.report.Section;
import dev.sconce.cli.internal.report.Section.Pages;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.format.etdump.EtDump;
import dev.sconce.format.etdump.EtDump.Run;
import dev.sconce.format.etdump.EtDumpEvent;
import dev.sconce.format.etdump.EtDumpEvent.AllocationEvent;
import dev.sconce.format.etdump.EtDumpEvent.DebugEvent;
import dev.sconce.format.etdump.EtDumpEvent.Origin;
import dev.sconce.format.etdump.EtDumpEvent.ProfileEvent;
import dev.sconce.format.etdump.EtDumpTensor;
import dev.sconce.format.etdump.EtDumpValue;
import dev.sconce.format.etdump.EtDumpValue.Data;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The report of an event dump: where the time went, what was allocated, what was computed.
 *
 * <p>Events contain each other (a method's execution its operators), so that times do not add up.
 * Ticks are taken for nanoseconds, as they are on Linux, macOS and Android.
 */
final class EtDumpPage {

  private static final double NANOS_PER_MILLI = 1e6;

  /** Events of one name. */
  private static final class Timing {
    final String name;
    long count;
    long total;
    long min = Long.MAX_VALUE;
    long max;

    Timing(String name) {
      this.name = name;
    }

    void add(long ticks) {
      count++;
      total += ticks;
      min = Math.min(min, ticks);
      max = Math.max(max, ticks);
    }
  }

  private EtDumpPage() {}

  static Page of(EtDump dump, String name, long size) {
    List<Page> runs = new ArrayList<>();
    for (Run run : dump.runs()) {
      runs.add(run(run, runs.size()));
    }
    return new Page(
        FileFormat.ETDUMP.title(name, size),
        List.of(
            Fact.json("file", Cell.of(name)),
            Fact.json("format", Cell.of(FileFormat.ETDUMP.key())),
            Fact.json("bytes", Cell.of(size)),
            Fact.json("version", Cell.of(dump.version())),
            Fact.of("runCount", "runs", Cell.of(dump.runs().size()))),
        List.of(new Pages("runs", runs)));
  }

  private static Page run(Run run, int index) {
    Map<String, Timing> timings = new HashMap<>();
    Map<Integer, long[]> allocations = new HashMap<>();
    List<DebugEvent> values = new ArrayList<>();
    for (EtDumpEvent event : run.events()) {
      switch (event) {
        case ProfileEvent profile ->
            timings
                .computeIfAbsent(label(profile), Timing::new)
                .add(profile.end() - profile.start());
        case AllocationEvent(int allocator, long size) -> {
          long[] sums = allocations.computeIfAbsent(allocator, _ -> new long[2]);
          sums[0]++;
          sums[1] += size;
        }
        case DebugEvent debug -> values.add(debug);
      }
    }
    String name = run.name();
    return new Page(
        "run " + index + (name == null || name.isEmpty() ? "" : " (" + name + ")"),
        List.of(
            Fact.json("name", Cell.of(name)),
            Fact.of("events", "events", Cell.of(run.events().size())),
            Fact.of(
                "bundledInput",
                "test case",
                Cell.of(run.bundledInputIndex())
                    .shown(run.bundledInputIndex() < 0 ? "" : "" + run.bundledInputIndex()))),
        List.of(times(timings), allocations(run, allocations), values(values)));
  }

  /** A delegate's events go by its name or number of what it ran. */
  private static String label(ProfileEvent event) {
    String name = event.name() == null ? "" : event.name();
    Origin origin = event.origin();
    if (origin.delegateDebugName() != null) {
      return join(name, origin.delegateDebugName());
    }
    return origin.delegateDebugId() >= 0
        ? join(name, "delegate event " + origin.delegateDebugId())
        : name;
  }

  private static String join(String name, String detail) {
    return name.isEmpty() ? detail : name + " / " + detail;
  }

  private static Rows times(Map<String, Timing> timings) {
    Section.Builder rows =
        Rows.of(
            "times",
            "times in ms, largest total first",
            Column.of("name", "event"),
            Column.of("count", ">count"),
            Column.of("totalTicks", ">total"),
            Column.of("averageTicks", ">average"),
            Column.of("minTicks", ">min"),
            Column.of("maxTicks", ">max"));
    List<Timing> sorted = new ArrayList<>(timings.values());
    sorted.sort(
        Comparator.comparingLong((Timing timing) -> timing.total)
            .reversed()
            .thenComparing(timing -> timing.name));
    for (Timing timing : sorted) {
      rows.row(
          Cell.of(timing.name),
          Cell.of(timing.count),
          time(timing.total),
          time((double) timing.total / timing.count),
          time(timing.min),
          time(timing.max));
    }
    return rows.build();
  }

  private static Cell time(long ticks) {
    return Cell.of(ticks).shown(millis((double) ticks));
  }

  private static Cell time(double ticks) {
    return Cell.of(ticks).shown(millis(ticks));
  }

  private static String millis(double ticks) {
    return String.format(Locale.ROOT, "%.4f", ticks / NANOS_PER_MILLI);
  }

  private static Rows allocations(Run run, Map<Integer, long[]> allocations) {
    Section.Builder rows =
        Rows.of(
            "allocations",
            "allocations",
            Column.of("allocator", ">allocator"),
            Column.of("name", "name"),
            Column.of("count", ">count"),
            Column.of("bytes", ">size"));
    allocations.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry -> {
              int index = entry.getKey();
              boolean known = index >= 0 && index < run.allocators().size();
              rows.row(
                  Cell.of(index),
                  known ? Cell.of(run.allocators().get(index).name()) : Cell.none(),
                  Cell.of(entry.getValue()[0]),
                  Cell.bytes(entry.getValue()[1]));
            });
    return rows.build();
  }

  private static Rows values(List<DebugEvent> events) {
    Section.Builder rows =
        Rows.of(
            "values",
            "noted values",
            Column.of("name", "event"),
            Column.of("chain", ""),
            Column.of("instruction", ">instruction"),
            Column.of("value", "value"),
            Column.of("output", ""));
    for (DebugEvent event : events) {
      EtDumpValue value = event.value();
      rows.row(
          Cell.of(event.name()),
          Cell.of(event.origin().chain()),
          Cell.of(event.origin().instruction()),
          value == null ? Cell.none() : Cell.of(describe(value.data())),
          output(value));
    }
    return rows.build();
  }

  private static Cell output(@Nullable EtDumpValue value) {
    Boolean output = value == null ? null : value.output();
    return output == null ? Cell.none() : Cell.of(output.booleanValue());
  }

  private static String describe(Data data) {
    return switch (data) {
      case EtDumpValue.NullData() -> "None";
      case EtDumpValue.IntData(long value) -> Long.toString(value);
      case EtDumpValue.BoolData(boolean value) -> Boolean.toString(value);
      case EtDumpValue.FloatData(float value) -> Float.toString(value);
      case EtDumpValue.DoubleData(double value) -> Double.toString(value);
      case EtDumpValue.TensorData(EtDumpTensor tensor) -> describe(tensor);
      case EtDumpValue.TensorListData(List<EtDumpTensor> tensors) ->
          tensors.stream().map(EtDumpPage::describe).collect(Collectors.joining(", ", "[", "]"));
      case EtDumpValue.StringData() -> "a string";
    };
  }

  private static String describe(EtDumpTensor tensor) {
    return Values.tensor(tensor.dtype(), tensor.sizes());
  }
}
