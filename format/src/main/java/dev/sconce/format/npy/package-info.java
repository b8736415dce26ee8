/** NumPy's npy files: one array each; read in versions 1 to 3, written in version 1. */
@NullMarked
package dev.sconce.format.npy;

import org.jspecify.annotations.NullMarked;
