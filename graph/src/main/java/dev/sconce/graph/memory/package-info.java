/** Memory planning: which tensors may lie in the same place. */
@NullMarked
package dev.sconce.graph.memory;

import org.jspecify.annotations.NullMarked;
