/**
 * What the scalar and the vector kernels share: the interfaces of the families, jobs, scratch
 * memory.
 */
@NullMarked
package dev.sconce.kernels.internal;

import org.jspecify.annotations.NullMarked;
