package dev.sconce.format.pte;

/**
 * A range of bytes after the program table.
 *
 * @param offset where it starts, counted from the segment base
 * @param size its size in bytes
 */
public record DataSegment(long offset, long size) {}
