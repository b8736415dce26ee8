/** Texts with alignments, and the pieces they are split into. */
@NullMarked
package dev.sconce.text.internal.pipeline;

import org.jspecify.annotations.NullMarked;
