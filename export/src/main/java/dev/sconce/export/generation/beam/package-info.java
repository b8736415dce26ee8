/** Beam search inside a program, as transformers does it since 4.50. */
@NullMarked
package dev.sconce.export.generation.beam;

import org.jspecify.annotations.NullMarked;
