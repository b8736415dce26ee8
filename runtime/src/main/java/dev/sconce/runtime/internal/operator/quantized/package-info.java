/** The {@code quantized_decomposed} operators. */
@NullMarked
package dev.sconce.runtime.internal.operator.quantized;

import org.jspecify.annotations.NullMarked;
