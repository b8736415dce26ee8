/** Rewrites of graphs, one rule a class. */
@NullMarked
package dev.sconce.graph.pass;

import org.jspecify.annotations.NullMarked;
