/** Marian translation models: two SentencePiece models and one vocabulary. */
@NullMarked
package dev.sconce.text.internal.marian;

import org.jspecify.annotations.NullMarked;
