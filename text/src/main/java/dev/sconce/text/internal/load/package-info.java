/** Finds and loads tokenizer files. */
@NullMarked
package dev.sconce.text.internal.load;

import org.jspecify.annotations.NullMarked;
