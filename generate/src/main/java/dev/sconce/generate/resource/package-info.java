/** What a program carries beside its weights: tokenizer, chat template, generation settings. */
@NullMarked
package dev.sconce.generate.resource;

import org.jspecify.annotations.NullMarked;
