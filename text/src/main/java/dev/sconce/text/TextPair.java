package dev.sconce.text;

/**
 * Two texts that are encoded together.
 *
 * @param first the first text
 * @param second the second text
 */
public record TextPair(String first, String second) {}
