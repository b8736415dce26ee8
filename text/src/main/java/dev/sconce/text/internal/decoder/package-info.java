/** From tokens back to text. */
@NullMarked
package dev.sconce.text.internal.decoder;

import org.jspecify.annotations.NullMarked;
