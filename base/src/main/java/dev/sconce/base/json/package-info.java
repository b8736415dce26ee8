/** A strict JSON reader with limits, and a writer. */
@NullMarked
package dev.sconce.base.json;

import org.jspecify.annotations.NullMarked;
