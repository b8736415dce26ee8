/** Cuts out the parts of a graph that XNNPACK can run, and compiles them to its blobs. */
@NullMarked
package dev.sconce.graph.xnnpack;

import org.jspecify.annotations.NullMarked;
