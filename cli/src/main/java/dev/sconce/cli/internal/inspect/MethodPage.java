package dev.sconce.cli.internal.inspect;

import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Column;
import dev.sconce.cli.internal.report.Fact;
import dev.sconce.cli.internal.report.Page;
import dev.sconce.cli.internal.report.Section;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.BufferDevice;
import dev.sconce.format.pte.ContainerMetadata;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.Allocation;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The report of one method that computes something. */
final class MethodPage {

  private final ExecutionPlan plan;
  private final Calls calls;
  private final MemoryPlan memory;

  private MethodPage(Calls calls) {
    this.plan = calls.plan();
    this.calls = calls;
    this.memory = new MemoryPlan(calls);
  }

  static Page of(Calls calls, InspectOptions options) {
    return new MethodPage(calls).page(options);
  }

  private Page page(InspectOptions options) {
    List<Section> sections = new ArrayList<>();
    sections.add(arguments("inputs", plan.inputs()));
    sections.add(arguments("outputs", plan.outputs()));
    sections.add(arenas());
    sections.add(mutableBuffers());
    if (options.instructions()) {
      sections.add(Instructions.of(calls));
    }
    Map<String, Integer> kinds = Histogram.ofInstructions(plan);
    int count = kinds.values().stream().mapToInt(Integer::intValue).sum();
    ContainerMetadata container = plan.containerMetadata();
    return new Page(
        "method " + plan.name(),
        List.of(
            Fact.json("name", Cell.of(plan.name())),
            Fact.of(
                "instructionCount", "instructions", Cell.of(count).shown(summary(count, kinds))),
            Fact.json("instructionKinds", Histogram.cell(kinds)),
            Fact.of("values", "values", Cell.of(plan.values().size())),
            Fact.json("delegates", Cell.of(plan.delegates().size())),
            Fact.of(
                "arenaBytes",
                "planned memory",
                Cell.bytes(arenaBytes()).shown(arenaBytes() == 0 ? "" : plannedMemory())),
            Fact.json("peakBytes", Cell.bytes(memory.peak())),
            Fact.json("peakInstruction", Cell.of(memory.peakInstruction())),
            Fact.of("unplannedBytes", "memory of the caller", callerMemory()),
            Fact.json("encodedInput", Cell.of(container == null ? null : container.encodedInput())),
            Fact.json(
                "encodedOutput", Cell.of(container == null ? null : container.encodedOutput()))),
        sections);
  }

  private static String summary(int count, Map<String, Integer> kinds) {
    return count
        + kinds.entrySet().stream()
            .map(kind -> kind.getKey() + " " + kind.getValue())
            .collect(Collectors.joining(", ", " (", ")"));
  }

  private long arenaBytes() {
    return plan.plannedBufferSizes().longs().sum();
  }

  private String plannedMemory() {
    return "%s, of which at most %s in use at once"
        .formatted(Cell.bytes(arenaBytes()).text(), Cell.bytes(memory.peak()).text());
  }

  private Cell callerMemory() {
    long bytes = 0;
    for (PteValue value : plan.values()) {
      if (value instanceof TensorValue tensor
          && tensor.dataSource() == PteValue.DataSource.CALLER) {
        bytes += tensor.byteSize();
      }
    }
    Cell cell = Cell.bytes(bytes);
    return bytes == 0 ? cell.shown("") : cell;
  }

  private Rows arguments(String key, Ints indices) {
    Section.Builder rows =
        Rows.of(
            key,
            key,
            Column.of("index", ">#"),
            Column.json("value"),
            Column.text("value"),
            Column.json("kind"),
            Column.text("type"),
            Column.json("dtype"),
            Column.json("sizes"),
            Column.json("dimOrder"),
            Column.of("dynamic", "shape"),
            Column.json("planned"),
            Column.text("memory"),
            Column.of("bytes", ">size"),
            Column.of("default", "value when exported"),
            Column.of("name", "name"));
    for (int i = 0; i < indices.size(); i++) {
      int index = indices.at(i);
      PteValue value = plan.values().get(index);
      Cell type = Cell.of(Values.type(value));
      if (value instanceof TensorValue tensor) {
        boolean planned = tensor.allocation() != null;
        boolean dynamic = tensor.dynamism() != PteValue.ShapeDynamism.STATIC;
        rows.row(
            Cell.of(i),
            Cell.of(index),
            Cell.of("%" + index),
            Cell.of(Values.kind(value)),
            type,
            Cell.of(tensor.dtype().torchName()),
            Cell.numbers(tensor.sizes()),
            Cell.numbers(tensor.dimOrder()),
            Cell.of(dynamic).shown(dynamic ? "dynamic" : "static"),
            Cell.of(planned),
            Cell.of(Values.place(tensor)),
            Cell.bytes(tensor.byteSize()),
            Cell.none(),
            Cell.of(Values.name(tensor)));
      } else {
        rows.row(
            Cell.of(i),
            Cell.of(index),
            Cell.of("%" + index),
            Cell.of(Values.kind(value)),
            type,
            Cell.none(),
            Cell.none(),
            Cell.none(),
            Cell.none(),
            Cell.none(),
            Cell.none(),
            Cell.none(),
            Cell.of(Values.literal(value, plan)),
            Cell.none());
      }
    }
    return rows.build();
  }

  private Rows arenas() {
    Section.Builder rows =
        Rows.of(
            "arenas",
            "memory plan",
            Column.of("id", ">arena"),
            Column.of("bytes", ">size"),
            Column.of("tensors", ">tensors"),
            Column.of("deviceType", "device"));
    int[] tensors = new int[plan.plannedBufferSizes().size()];
    for (PteValue value : plan.values()) {
      if (value instanceof TensorValue tensor) {
        Allocation place = tensor.allocation();
        if (place != null) {
          tensors[place.memoryId()]++;
        }
      }
    }
    for (int i = 1; i < tensors.length; i++) {
      int id = i;
      int device =
          plan.plannedBufferDevices().stream()
              .filter(d -> d.bufferIndex() == id)
              .mapToInt(BufferDevice::deviceType)
              .findFirst()
              .orElse(0);
      rows.row(
          Cell.of(i),
          Cell.bytes(plan.plannedBufferSizes().at(i)),
          Cell.of(tensors[i]),
          Cell.of(device).shown(device == 0 ? "" : "device type " + device));
    }
    return rows.build();
  }

  private Rows mutableBuffers() {
    Section.Builder rows =
        Rows.of(
            "mutableBuffers",
            "mutable buffers (content stays from call to call)",
            Column.json("value"),
            Column.text("value"),
            Column.text("type"),
            Column.json("dtype"),
            Column.json("sizes"),
            Column.of("bytes", ">size"),
            Column.text("memory"),
            Column.json("memoryId"),
            Column.json("offset"),
            Column.of("initialValue", "start"),
            Column.of("name", "name"));
    BitSet mutable = memory.mutableBuffers();
    for (int i = mutable.nextSetBit(0); i >= 0; i = mutable.nextSetBit(i + 1)) {
      if (plan.values().get(i) instanceof TensorValue tensor && tensor.allocation() != null) {
        boolean initial = tensor.dataSource() != PteValue.DataSource.PLANNED;
        Allocation place = tensor.allocation();
        rows.row(
            Cell.of(i),
            Cell.of("%" + i),
            Cell.of(Values.type(tensor)),
            Cell.of(tensor.dtype().torchName()),
            Cell.numbers(tensor.sizes()),
            Cell.bytes(tensor.byteSize()),
            Cell.of(Values.place(tensor)),
            Cell.of(place.memoryId()),
            Cell.of(place.offset()),
            Cell.of(initial).shown(initial ? "value of the file" : "zeros"),
            Cell.of(Values.name(tensor)));
      }
    }
    return rows.build();
  }
}
