/** The value cells of a loaded method: what instructions read and write, without boxing. */
@NullMarked
package dev.sconce.runtime.internal.slot;

import org.jspecify.annotations.NullMarked;
