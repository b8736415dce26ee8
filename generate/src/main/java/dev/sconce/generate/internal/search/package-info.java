/** Greedy search, sampling and beam search. */
@NullMarked
package dev.sconce.generate.internal.search;

import org.jspecify.annotations.NullMarked;
