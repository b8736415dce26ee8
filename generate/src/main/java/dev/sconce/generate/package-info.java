/** Generation: what to generate, by which rules, and when to stop. */
@NullMarked
package dev.sconce.generate;

import org.jspecify.annotations.NullMarked;
