/** The sconce command. */
@NullMarked
package dev.sconce.cli;

import org.jspecify.annotations.NullMarked;
