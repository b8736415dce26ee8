/** How two programs differ. */
@NullMarked
package dev.sconce.cli.internal.diff;

import org.jspecify.annotations.NullMarked;
