package dev.sconce.format.pte;

import dev.sconce.format.Longs;

/**
 * Tensors inside a segment. Sizes are not stored: they follow from the tensors.
 *
 * @param segmentIndex the segment
 * @param offsets where each tensor starts in it, by data buffer index; the first is a placeholder
 */
public record SubsegmentOffsets(int segmentIndex, Longs offsets) {}
