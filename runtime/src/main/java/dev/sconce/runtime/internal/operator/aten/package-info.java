/** The ATen operators, one family a file. */
@NullMarked
package dev.sconce.runtime.internal.operator.aten;

import org.jspecify.annotations.NullMarked;
