package dev.sconce.format.ptd;

import org.jspecify.annotations.Nullable;

/**
 * A name for a segment; several names may share one.
 *
 * @param key the name: a tensor's qualified name, or a hash where a delegate asks for it
 * @param segment the index of the segment
 * @param layout how the data are a tensor; null if they are a backend's
 */
public record PtdEntry(String key, int segment, @Nullable TensorLayout layout) {}
