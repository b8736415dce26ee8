/** Typed access to the elements of tensors, and the loops over them that operators share. */
@NullMarked
package dev.sconce.runtime.internal.operator.element;

import org.jspecify.annotations.NullMarked;
