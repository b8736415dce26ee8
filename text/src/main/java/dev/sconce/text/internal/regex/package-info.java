/** Regular expressions as Oniguruma matches them. */
@NullMarked
package dev.sconce.text.internal.regex;

import org.jspecify.annotations.NullMarked;
