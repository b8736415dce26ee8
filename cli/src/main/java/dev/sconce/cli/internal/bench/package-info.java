/** Measures how fast programs run. */
@NullMarked
package dev.sconce.cli.internal.bench;

import org.jspecify.annotations.NullMarked;
