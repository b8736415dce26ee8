/** How the methods of language models are called: their conventions behind one interface. */
@NullMarked
package dev.sconce.generate.internal.model;

import org.jspecify.annotations.NullMarked;
