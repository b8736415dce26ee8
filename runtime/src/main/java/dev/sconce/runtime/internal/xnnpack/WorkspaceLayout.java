package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.runtime.internal.xnnpack.PlannedValue.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * Places the internal values of a call in one piece of memory, so that values share bytes whose
 * lives do not overlap. Lives are known once and for all; places are found anew for new sizes.
 */
final class WorkspaceLayout {

  private static final long ALIGNMENT = 64;

  /** A piece that is in use. */
  private record Piece(int value, long offset, long size) {}

  private final int nodes;
  private final boolean[] internal;
  private final Ints aliasOf;
  // For each node, the values that begin and end their lives with it.
  private final List<List<Integer>> births = new ArrayList<>();
  private final List<List<Integer>> deaths = new ArrayList<>();
  private final long[] offsets;
  private long size;

  WorkspaceLayout(GraphPlan plan) {
    int count = plan.values().size();
    this.nodes = plan.nodes().size();
    this.aliasOf = plan.aliasOf();
    this.internal = new boolean[count];
    this.offsets = new long[count];
    int[] first = new int[count];
    int[] last = new int[count];
    for (int i = 0; i < count; i++) {
      internal[i] = plan.values().get(i).role() instanceof Role.Internal;
      first[i] = nodes;
      last[i] = -1;
    }
    for (int node = 0; node < nodes; node++) {
      births.add(new ArrayList<>());
      deaths.add(new ArrayList<>());
      for (Ints used : List.of(plan.nodes().get(node).reads(), plan.nodes().get(node).writes())) {
        for (int value : used.toIntArray()) {
          int root = aliasOf.at(value);
          first[root] = Math.min(first[root], node);
          last[root] = Math.max(last[root], node);
        }
      }
    }
    for (int i = 0; i < count; i++) {
      if (internal[i] && last[i] >= 0) {
        births.get(first[i]).add(i);
        deaths.get(last[i]).add(i);
      }
    }
  }

  /** Finds places for the sizes that operands have now. */
  void place(Operand[] operands) {
    List<Piece> used = new ArrayList<>();
    size = 0;
    for (int node = 0; node < nodes; node++) {
      for (int value : births.get(node)) {
        insert(used, value, operands[value].byteSize());
      }
      for (int value : deaths.get(node)) {
        used.removeIf(piece -> piece.value() == value);
      }
    }
  }

  private void insert(List<Piece> used, int value, long bytes) {
    long wanted = Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    long offset = 0;
    int at = 0;
    // Pieces are in the order of their offsets: the first gap that is large enough.
    while (at < used.size() && used.get(at).offset() - offset < wanted) {
      offset = used.get(at).offset() + used.get(at).size();
      at++;
    }
    used.add(at, new Piece(value, offset, wanted));
    offsets[value] = offset;
    size = Math.max(size, offset + wanted);
  }

  /** Returns whether a value lies in the workspace. */
  boolean holds(int value) {
    return internal[aliasOf.at(value)];
  }

  /** Returns where a value lies. */
  long offset(int value) {
    return offsets[aliasOf.at(value)];
  }

  /** Returns how many bytes all places take together. */
  long size() {
    return size;
  }
}
