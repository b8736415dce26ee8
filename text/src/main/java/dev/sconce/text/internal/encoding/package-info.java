/** From text to rows of tokens; truncation and padding. */
@NullMarked
package dev.sconce.text.internal.encoding;

import org.jspecify.annotations.NullMarked;
