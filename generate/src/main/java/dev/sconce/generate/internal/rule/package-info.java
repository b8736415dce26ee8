/**
 * The rules that change the scores of the next token, one class each, in the order of transformers.
 */
@NullMarked
package dev.sconce.generate.internal.rule;

import org.jspecify.annotations.NullMarked;
