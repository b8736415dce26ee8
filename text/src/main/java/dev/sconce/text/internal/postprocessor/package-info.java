/** Post-processors: special tokens around texts, offsets. */
@NullMarked
package dev.sconce.text.internal.postprocessor;

import org.jspecify.annotations.NullMarked;
