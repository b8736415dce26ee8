/** Checks programs against recorded answers: case folders and bundled programs. */
@NullMarked
package dev.sconce.runtime.verify;

import org.jspecify.annotations.NullMarked;
