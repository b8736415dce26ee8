package dev.sconce.cli.internal.inspect;

import java.util.Map;
import java.util.TreeMap;

/** A set of bytes, as ranges that do not touch each other. */
final class ByteRanges {

  /** The end of each range by its start. */
  private final TreeMap<Long, Long> ends = new TreeMap<>();

  /** Adds the bytes from {@code start} to before {@code end}. */
  void add(long start, long end) {
    long from = start;
    long to = end;
    Map.Entry<Long, Long> touching = ends.floorEntry(to);
    while (touching != null && touching.getValue() >= from) {
      ends.remove(touching.getKey());
      from = Math.min(from, touching.getKey());
      to = Math.max(to, touching.getValue());
      touching = ends.floorEntry(to);
    }
    ends.put(from, to);
  }

  /** Returns whether any of the bytes from {@code start} to before {@code end} is in the set. */
  boolean overlaps(long start, long end) {
    Map.Entry<Long, Long> before = ends.lowerEntry(end);
    return before != null && before.getValue() > start;
  }
}
