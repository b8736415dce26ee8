/** Generation inside a program: the loop, the rules and the choice of tokens as graphs. */
@NullMarked
package dev.sconce.export.generation;

import org.jspecify.annotations.NullMarked;
