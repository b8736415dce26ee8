/** Added tokens: found in a text before anything else. */
@NullMarked
package dev.sconce.text.internal.added;

import org.jspecify.annotations.NullMarked;
