/** Turns graphs into the records of a program, by the calling conventions of the runtime. */
@NullMarked
package dev.sconce.graph.emit;

import org.jspecify.annotations.NullMarked;
