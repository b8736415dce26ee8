/** Models: from pieces of text to tokens. */
@NullMarked
package dev.sconce.text.internal.model;

import org.jspecify.annotations.NullMarked;
