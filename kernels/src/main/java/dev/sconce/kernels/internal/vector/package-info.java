/** Vector API kernels; the only package that touches jdk.incubator.vector. */
@NullMarked
package dev.sconce.kernels.internal.vector;

import org.jspecify.annotations.NullMarked;
