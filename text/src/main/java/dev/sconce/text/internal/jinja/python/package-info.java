/** Python's values and operations, as far as templates see them. */
@NullMarked
package dev.sconce.text.internal.jinja.python;

import org.jspecify.annotations.NullMarked;
