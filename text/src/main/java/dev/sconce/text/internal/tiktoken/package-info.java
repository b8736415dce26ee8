/** Rank files of tiktoken and Tekken. */
@NullMarked
package dev.sconce.text.internal.tiktoken;

import org.jspecify.annotations.NullMarked;
