/** The bundled program ({@code .bpte}): a program with inputs and expected outputs to test it. */
@NullMarked
package dev.sconce.format.bpte;

import org.jspecify.annotations.NullMarked;
