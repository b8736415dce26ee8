/** A conversation on a terminal. */
@NullMarked
package dev.sconce.cli.internal.chat;

import org.jspecify.annotations.NullMarked;
