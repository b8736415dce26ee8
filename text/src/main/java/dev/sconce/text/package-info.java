/** Tokenizers and chat templates. */
@NullMarked
package dev.sconce.text;

import org.jspecify.annotations.NullMarked;
