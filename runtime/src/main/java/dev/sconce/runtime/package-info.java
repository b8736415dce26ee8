/** Loads, verifies and executes ExecuTorch programs. */
@NullMarked
package dev.sconce.runtime;

import org.jspecify.annotations.NullMarked;
