/** The self-tests that an export puts into its file. */
@NullMarked
package dev.sconce.export.selftest;

import org.jspecify.annotations.NullMarked;
