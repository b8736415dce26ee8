/** Runners: text in, text out, over the programs of language models. */
@NullMarked
package dev.sconce.generate.runner;

import org.jspecify.annotations.NullMarked;
