/** What the commands share: the console, tables, sizes, errors. */
@NullMarked
package dev.sconce.cli.internal;

import org.jspecify.annotations.NullMarked;
