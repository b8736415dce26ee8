/** Tests that a program carries in itself: their form, how they are read, and how they are run. */
@NullMarked
package dev.sconce.generate.selftest;

import org.jspecify.annotations.NullMarked;
