/** The check of a written program against a reference computed from the checkpoint. */
@NullMarked
package dev.sconce.export.internal.check;

import org.jspecify.annotations.NullMarked;
