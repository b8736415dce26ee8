/** SentencePiece's files. */
@NullMarked
package dev.sconce.text.internal.sentencepiece;

import org.jspecify.annotations.NullMarked;
