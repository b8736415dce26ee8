package dev.sconce.format.etdump;

import dev.sconce.base.DType;
import dev.sconce.format.Longs;

/**
 * A tensor whose elements lie in the debug buffer, a file beside the dump.
 *
 * @param dtype the element type
 * @param sizes the sizes
 * @param strides the steps in elements, a number a dimension
 * @param offset where the elements start in the debug buffer
 */
public record EtDumpTensor(DType dtype, Longs sizes, Longs strides, long offset) {}
