/**
 * FlatBuffers over untrusted memory: a reader that checks every offset it follows, and a builder.
 *
 * <p>There is no schema compiler. A format reads its tables by field id and hands back records; see
 * the readers in the neighbouring packages for the pattern.
 */
@NullMarked
package dev.sconce.format.flatbuffer;

import org.jspecify.annotations.NullMarked;
