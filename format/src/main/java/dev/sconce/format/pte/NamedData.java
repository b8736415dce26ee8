package dev.sconce.format.pte;

/**
 * A segment that is found by its name; several names may share one.
 *
 * @param key the name
 * @param segmentIndex the segment
 */
public record NamedData(String key, int segmentIndex) {}
