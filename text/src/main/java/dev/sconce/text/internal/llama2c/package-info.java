/** The tokenizer file of llama2.c. */
@NullMarked
package dev.sconce.text.internal.llama2c;

import org.jspecify.annotations.NullMarked;
