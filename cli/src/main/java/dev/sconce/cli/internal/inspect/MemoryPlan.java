package dev.sconce.cli.internal.inspect;

import dev.sconce.format.Ints;
import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.Instruction;
import dev.sconce.format.pte.Instruction.JumpFalseCall;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.Allocation;
import dev.sconce.format.pte.PteValue.DataSource;
import dev.sconce.format.pte.PteValue.OptionalTensorListValue;
import dev.sconce.format.pte.PteValue.TensorListValue;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a method's instructions tell about its planned memory: when each tensor is in use, which
 * tensors keep their content from call to call, and how much is in use at once.
 *
 * <p>Files do not mark mutable buffers. A planned tensor is taken for one if it starts with a value
 * of the file, or if it is no input and an instruction depends on its content before anything was
 * written to its bytes: what it then finds is from an earlier call. Order is that of the file;
 * arguments of foreign operators and backends count neither as read nor as written.
 */
final class MemoryPlan {

  private static final int NEVER = Integer.MAX_VALUE;

  private final ExecutionPlan plan;
  private final int[] firstRead;
  private final int[] firstWrite;
  private final int[] firstUse;
  private final int[] lastUse;
  private final BitSet mutable = new BitSet();
  private long peak;
  private int peakAt;

  MemoryPlan(Calls calls) {
    this.plan = calls.plan();
    int count = plan.values().size();
    firstRead = filled(count, NEVER);
    firstWrite = filled(count, NEVER);
    firstUse = filled(count, NEVER);
    lastUse = filled(count, -1);
    int end = uses(calls);
    spreadLists();
    findMutable();
    findPeak(end);
  }

  private static int[] filled(int count, int value) {
    int[] array = new int[count];
    Arrays.fill(array, value);
    return array;
  }

  /** Notes the uses of values; chains follow each other. Returns the number of instructions. */
  private int uses(Calls calls) {
    int time = 0;
    for (Chain chain : plan.chains()) {
      int start = time;
      for (Instruction instruction : chain.instructions()) {
        for (CallArgument argument : calls.arguments(instruction)) {
          int value = argument.value();
          if (argument.isRead()) {
            firstRead[value] = Math.min(firstRead[value], time);
          }
          if (argument.isWritten()) {
            firstWrite[value] = Math.min(firstWrite[value], time);
          }
          firstUse[value] = Math.min(firstUse[value], time);
          lastUse[value] = time;
        }
        time++;
      }
      extendOverLoops(chain, start);
    }
    for (int value : plan.inputs().toIntArray()) {
      firstWrite[value] = -1;
      firstUse[value] = 0;
      lastUse[value] = Math.max(lastUse[value], 0);
    }
    for (int value : plan.outputs().toIntArray()) {
      firstUse[value] = Math.min(firstUse[value], time);
      lastUse[value] = time;
    }
    return time;
  }

  /** What a loop uses but did not make is in use until the loop ends. */
  private void extendOverLoops(Chain chain, int start) {
    int[] loopEnd = loops(chain);
    int[] loopStart = new int[loopEnd.length];
    for (int i = 0; i < loopEnd.length; i++) {
      boolean inside = i > 0 && loopEnd[i] >= 0 && loopEnd[i] == loopEnd[i - 1];
      loopStart[i] = inside ? loopStart[i - 1] : i;
    }
    for (int value = 0; value < lastUse.length; value++) {
      int last = lastUse[value] - start;
      if (last >= 0 && loopEnd[last] > last && firstUse[value] - start < loopStart[last]) {
        lastUse[value] = loopEnd[last] + start;
      }
    }
  }

  /** For each instruction the last one of the outermost loop around it, or -1. */
  private static int[] loops(Chain chain) {
    int count = chain.instructions().size();
    int[] endOfLoopAt = filled(count, -1);
    for (int i = 0; i < count; i++) {
      if (chain.instructions().get(i) instanceof JumpFalseCall jump && jump.destination() <= i) {
        endOfLoopAt[jump.destination()] = i;
      }
    }
    int[] ends = filled(count, -1);
    for (int from = 0; from < count; from++) {
      int end = endOfLoopAt[from];
      for (int i = from; i <= end; i++) {
        end = Math.max(end, endOfLoopAt[i]); // loops that overlap are one
      }
      if (end >= from) {
        Arrays.fill(ends, from, end + 1, end);
        from = end;
      }
    }
    return ends;
  }

  /** Uses of a list of tensors are uses of the tensors. */
  private void spreadLists() {
    for (int list = 0; list < plan.values().size(); list++) {
      Ints items = items(plan.values().get(list));
      for (int i = 0; i < items.size(); i++) {
        int item = items.at(i);
        if (item >= 0) {
          firstRead[item] = Math.min(firstRead[item], firstRead[list]);
          firstWrite[item] = Math.min(firstWrite[item], firstWrite[list]);
          firstUse[item] = Math.min(firstUse[item], firstUse[list]);
          lastUse[item] = Math.max(lastUse[item], lastUse[list]);
        }
      }
    }
  }

  private static Ints items(PteValue value) {
    if (value instanceof TensorListValue(Ints items)) {
      return items;
    }
    return value instanceof OptionalTensorListValue(Ints items) ? items : Ints.of();
  }

  private @Nullable TensorValue planned(int value) {
    return plan.values().get(value) instanceof TensorValue tensor && tensor.allocation() != null
        ? tensor
        : null;
  }

  private record Event(int time, boolean write, int value) {}

  private void findMutable() {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < plan.values().size(); i++) {
      TensorValue tensor = planned(i);
      if (tensor == null) {
        continue;
      }
      if (tensor.dataSource() != DataSource.PLANNED) {
        mutable.set(i);
      }
      if (firstRead[i] != NEVER) {
        events.add(new Event(firstRead[i], false, i));
      }
      if (firstWrite[i] != NEVER) {
        events.add(new Event(firstWrite[i], true, i));
      }
    }
    events.sort(Comparator.comparingInt(Event::time).thenComparing(Event::write));
    Map<Integer, ByteRanges> written = new HashMap<>();
    for (Event event : events) {
      TensorValue tensor = planned(event.value());
      Allocation place = tensor == null ? null : tensor.allocation();
      if (tensor == null || place == null || tensor.byteSize() == 0) {
        continue;
      }
      ByteRanges ranges = written.computeIfAbsent(place.memoryId(), _ -> new ByteRanges());
      long end = place.offset() + tensor.byteSize();
      if (event.write()) {
        ranges.add(place.offset(), end);
      } else if (!ranges.overlaps(place.offset(), end)) {
        mutable.set(event.value());
      }
    }
  }

  /** Adds up, over time, the bytes of the places in use; tensors at one place share it. */
  private void findPeak(int end) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < plan.values().size(); i++) {
      if (planned(i) != null && (lastUse[i] >= 0 || mutable.get(i))) {
        boolean always = mutable.get(i);
        events.add(new Event(always ? 0 : firstUse[i], true, i));
        events.add(new Event(always ? end + 1 : lastUse[i] + 1, false, i));
      }
    }
    events.sort(Comparator.comparingInt(Event::time).thenComparing(Event::write));
    Map<Allocation, TreeMap<Long, Integer>> inUse = new HashMap<>();
    long total = 0;
    for (Event event : events) {
      TensorValue tensor = planned(event.value());
      Allocation place = tensor == null ? null : tensor.allocation();
      if (tensor == null || place == null) {
        continue;
      }
      TreeMap<Long, Integer> sizes = inUse.computeIfAbsent(place, _ -> new TreeMap<>());
      long before = sizes.isEmpty() ? 0 : sizes.lastKey();
      sizes.merge(tensor.byteSize(), event.write() ? 1 : -1, MemoryPlan::sumOrNull);
      total += (sizes.isEmpty() ? 0 : sizes.lastKey()) - before;
      if (total > peak) {
        peak = total;
        peakAt = event.time();
      }
    }
  }

  private static @Nullable Integer sumOrNull(int a, int b) {
    return a + b == 0 ? null : a + b;
  }

  /** Returns the planned tensors that keep their content from call to call. */
  BitSet mutableBuffers() {
    return mutable;
  }

  /** Returns the most bytes of planned tensors that are in use at once. */
  long peak() {
    return peak;
  }

  /** Returns the instruction at which that is. */
  int peakInstruction() {
    return peakAt;
  }
}
