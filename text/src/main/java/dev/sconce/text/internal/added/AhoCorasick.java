package dev.sconce.text.internal.added;

import dev.sconce.text.internal.model.TransitionTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Finds the leftmost and, of those, longest of many literals in one pass over the text. */
final class AhoCorasick {

  private static final int ROOT = 0;

  private final TransitionTable edges;
  private int[] fail = new int[64];
  private int[] depth = new int[64];
  // The longest literal that ends at a node: its index, or that of the node's failure chain.
  private int[] longest = new int[64];
  private final int[] lengths;
  private final boolean[] first = new boolean[1 << 16];
  private int nodes = 1;

  AhoCorasick(List<String> literals) {
    edges = new TransitionTable(literals.size() * 8);
    lengths = new int[literals.size()];
    longest[ROOT] = -1;
    List<int[]> links = new ArrayList<>();
    for (int k = 0; k < literals.size(); k++) {
      String literal = literals.get(k);
      lengths[k] = literal.length();
      first[literal.charAt(0)] = true;
      int node = ROOT;
      for (int i = 0; i < literal.length(); i++) {
        int next = edges.get(node, literal.charAt(i));
        if (next == TransitionTable.NONE) {
          next = newNode(depth[node] + 1);
          edges.put(node, literal.charAt(i), next);
          links.add(new int[] {node, literal.charAt(i), next});
        }
        node = next;
      }
      // Of equal literals the last counts.
      longest[node] = k;
    }
    link(links);
  }

  private int newNode(int nodeDepth) {
    if (nodes == fail.length) {
      fail = Arrays.copyOf(fail, nodes * 2);
      depth = Arrays.copyOf(depth, nodes * 2);
      longest = Arrays.copyOf(longest, nodes * 2);
    }
    depth[nodes] = nodeDepth;
    longest[nodes] = -1;
    return nodes++;
  }

  // Breadth first: a node's failure is known before its children's.
  private void link(List<int[]> links) {
    List<List<int[]>> children = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      children.add(List.of());
    }
    for (int[] link : links) {
      List<int[]> list = children.get(link[0]);
      if (list.isEmpty()) {
        list = new ArrayList<>(2);
        children.set(link[0], list);
      }
      list.add(link);
    }
    Deque<Integer> queue = new ArrayDeque<>();
    queue.add(ROOT);
    while (!queue.isEmpty()) {
      int node = queue.remove();
      for (int[] link : children.get(node)) {
        int child = link[2];
        int f = node == ROOT ? ROOT : step(fail[node], link[1]);
        fail[child] = f;
        if (longest[child] < 0) {
          longest[child] = longest[f];
        }
        queue.add(child);
      }
    }
  }

  private int step(int from, int c) {
    int node = from;
    while (true) {
      int next = edges.get(node, c);
      if (next != TransitionTable.NONE) {
        return next;
      }
      if (node == ROOT) {
        return ROOT;
      }
      node = fail[node];
    }
  }

  /** A literal found in a text. */
  record Match(int literal, int start, int end) {}

  /** Returns all matches, from left to right, none overlapping. */
  List<Match> find(String text) {
    List<Match> found = new ArrayList<>();
    int n = text.length();
    int from = 0;
    while (from < n) {
      Match match = next(text, from);
      if (match == null) {
        break;
      }
      found.add(match);
      from = match.end();
    }
    return found;
  }

  private @org.jspecify.annotations.Nullable Match next(String text, int from) {
    int best = -1;
    int bestStart = 0;
    int bestEnd = 0;
    int node = ROOT;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (node == ROOT && !first[c]) {
        continue;
      }
      node = step(node, c);
      // What is still being followed began here; it cannot beat a match that began before.
      int following = i + 1 - depth[node];
      if (best >= 0 && following > bestStart) {
        break;
      }
      int literal = longest[node];
      if (literal >= 0) {
        int start = i + 1 - lengths[literal];
        if (best < 0 || start <= bestStart) {
          best = literal;
          bestStart = start;
          bestEnd = i + 1;
        }
      }
    }
    return best < 0 ? null : new Match(best, bestStart, bestEnd);
  }
}
