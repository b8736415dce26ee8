/** Normalizers: rewrite a text before it is split. */
@NullMarked
package dev.sconce.text.internal.normalizer;

import org.jspecify.annotations.NullMarked;
