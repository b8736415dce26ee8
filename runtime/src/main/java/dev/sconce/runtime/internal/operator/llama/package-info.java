/** The {@code llama} operators: caches, attention, linear attention. */
@NullMarked
package dev.sconce.runtime.internal.operator.llama;

import org.jspecify.annotations.NullMarked;
