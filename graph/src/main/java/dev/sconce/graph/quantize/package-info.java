/**
 * Weight quantisation: schemes, scales and the packings of the files.
 *
 * <p>Everything works on blocks of rows, so that a tensor of any size needs only its scales and a
 * block in memory.
 */
@NullMarked
package dev.sconce.graph.quantize;

import org.jspecify.annotations.NullMarked;
