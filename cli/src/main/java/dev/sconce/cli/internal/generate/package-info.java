/** Requests and answers of the commands that generate. */
@NullMarked
package dev.sconce.cli.internal.generate;

import org.jspecify.annotations.NullMarked;
