/** Character tables of the reference libraries. */
@NullMarked
package dev.sconce.text.internal.unicode;

import org.jspecify.annotations.NullMarked;
