/** Readers, writers and verifiers of every file format of the ExecuTorch world. */
@NullMarked
package dev.sconce.format;

import org.jspecify.annotations.NullMarked;
