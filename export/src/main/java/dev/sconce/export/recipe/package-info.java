/** Recipes: how graphs are prepared for a kind of runtime. */
@NullMarked
package dev.sconce.export.recipe;

import org.jspecify.annotations.NullMarked;
