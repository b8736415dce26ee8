/** Operators: how one is implemented, registered and bound, and the families of them. */
@NullMarked
package dev.sconce.runtime.internal.operator;

import org.jspecify.annotations.NullMarked;
