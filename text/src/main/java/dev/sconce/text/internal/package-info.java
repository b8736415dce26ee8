/** The engine behind the tokenizers. */
@NullMarked
package dev.sconce.text.internal;

import org.jspecify.annotations.NullMarked;
