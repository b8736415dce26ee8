/** Exporting checkpoints: one class for users, {@link dev.sconce.export.Export}. */
@NullMarked
package dev.sconce.export;

import org.jspecify.annotations.NullMarked;
