/**
 * The intermediate representation: graphs of typed values and operator calls, with structured
 * control flow, symbolic dimensions and parameters that are never loaded.
 */
@NullMarked
package dev.sconce.graph;

import org.jspecify.annotations.NullMarked;
