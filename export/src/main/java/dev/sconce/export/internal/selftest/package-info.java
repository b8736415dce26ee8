/** The self-tests that an export puts into its file. */
@NullMarked
package dev.sconce.export.internal.selftest;

import org.jspecify.annotations.NullMarked;
