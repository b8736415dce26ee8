/** The {@code .ptd} file (FlatTensor): data of a program that live in a file of their own. */
@NullMarked
package dev.sconce.format.ptd;

import org.jspecify.annotations.NullMarked;
