/** Calls of graphs, run by the runtime's operators. */
@NullMarked
package dev.sconce.export.recipe.internal.evaluate;

import org.jspecify.annotations.NullMarked;
