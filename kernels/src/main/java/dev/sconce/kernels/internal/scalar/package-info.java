/** The reference: every kernel in plain Java. */
@NullMarked
package dev.sconce.kernels.internal.scalar;

import org.jspecify.annotations.NullMarked;
