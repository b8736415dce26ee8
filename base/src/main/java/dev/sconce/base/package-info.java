/** Data types, JSON, bounds-checked memory access and the error types of Sconce. */
@NullMarked
package dev.sconce.base;

import org.jspecify.annotations.NullMarked;
