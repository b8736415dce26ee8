/** The rules that change the scores of the next token, as graphs, in the order of transformers. */
@NullMarked
package dev.sconce.export.generation.internal.rule;

import org.jspecify.annotations.NullMarked;
