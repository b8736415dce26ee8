/** Memory: where planned values live, and access to single elements of any type. */
@NullMarked
package dev.sconce.runtime.internal.memory;

import org.jspecify.annotations.NullMarked;
