/** Numeric kernels: a scalar reference and Vector API implementations. */
@NullMarked
package dev.sconce.kernels;

import org.jspecify.annotations.NullMarked;
