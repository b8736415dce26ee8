/**
 * ExecuTorch programs, {@code .pte}: records, reader, writer, builder and verifier.
 *
 * <p>{@link dev.sconce.format.pte.PteFile} opens a file, {@link dev.sconce.format.pte.PteProgram}
 * is what it says.
 */
@NullMarked
package dev.sconce.format.pte;

import org.jspecify.annotations.NullMarked;
