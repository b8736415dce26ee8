/** Runs templates: statements, expressions, filters, tests and global functions. */
@NullMarked
package dev.sconce.text.internal.jinja.eval;

import org.jspecify.annotations.NullMarked;
