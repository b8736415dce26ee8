/** What {@code sconce demo} is made of. */
@NullMarked
package dev.sconce.cli.internal.demo;

import org.jspecify.annotations.NullMarked;
