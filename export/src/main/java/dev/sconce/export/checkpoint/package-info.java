/**
 * Checkpoints in Hugging Face layout: configuration, tensors with strict accounting, the hub cache.
 */
@NullMarked
package dev.sconce.export.checkpoint;

import org.jspecify.annotations.NullMarked;
