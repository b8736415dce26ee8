/** Bounds-checked access to mapped files and other untrusted memory. */
@NullMarked
package dev.sconce.base.memory;

import org.jspecify.annotations.NullMarked;
