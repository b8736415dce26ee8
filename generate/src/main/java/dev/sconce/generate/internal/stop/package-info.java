/** The rules that end a sequence. */
@NullMarked
package dev.sconce.generate.internal.stop;

import org.jspecify.annotations.NullMarked;
