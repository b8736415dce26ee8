/** Pre-tokenizers: split a text into pieces. */
@NullMarked
package dev.sconce.text.internal.pretokenizer;

import org.jspecify.annotations.NullMarked;
