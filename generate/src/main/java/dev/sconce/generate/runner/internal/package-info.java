/** How the methods of language models are called: their conventions behind one interface. */
@NullMarked
package dev.sconce.generate.runner.internal;

import org.jspecify.annotations.NullMarked;
