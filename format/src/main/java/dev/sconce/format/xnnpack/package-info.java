/**
 * The blob of the XNNPACK backend: a graph of values and nodes in the terms of XNNPACK's own API,
 * its constants named or inside.
 */
@NullMarked
package dev.sconce.format.xnnpack;

import org.jspecify.annotations.NullMarked;
