/** Reads tokenizer.json. */
@NullMarked
package dev.sconce.text.internal.json;

import org.jspecify.annotations.NullMarked;
