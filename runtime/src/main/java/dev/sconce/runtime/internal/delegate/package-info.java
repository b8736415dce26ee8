/** Delegates: backends that execute a whole subgraph as one instruction. */
@NullMarked
package dev.sconce.runtime.internal.delegate;

import org.jspecify.annotations.NullMarked;
