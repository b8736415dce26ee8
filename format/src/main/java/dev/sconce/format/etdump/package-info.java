/** The event dump ({@code .etdp}): what a runtime did, when, and with which values. */
@NullMarked
package dev.sconce.format.etdump;

import org.jspecify.annotations.NullMarked;
