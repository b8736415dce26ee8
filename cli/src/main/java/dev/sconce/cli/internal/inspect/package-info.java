/** What is inside a file: a report for every format. */
@NullMarked
package dev.sconce.cli.internal.inspect;

import org.jspecify.annotations.NullMarked;
