package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.memory.ElementAccess;
import dev.sconce.runtime.internal.operator.UnsupportedCall;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Complex numbers as their parts: number {@code i} is elements {@code 2i} and {@code 2i + 1}. */
final class ComplexParts {

  private ComplexParts() {}

  static boolean isComplex(TensorSlot tensor) {
    return ElementAccess.partOf(tensor.dtype()) != null;
  }

  /** Returns the type of the parts; refuses types that are not complex. */
  static DType type(DType complex) {
    DType part = ElementAccess.partOf(complex);
    if (part == null) {
      throw new UnsupportedCall("dtype " + complex + " in place of a complex one");
    }
    return part;
  }

  /** Returns the parts of a complex tensor. */
  static Elements of(TensorSlot tensor) {
    return Elements.of(type(tensor.dtype()), Elements.memoryOf(tensor));
  }

  /** Returns a copy of the parts of a complex tensor. */
  static Elements copyOf(TensorSlot tensor) {
    MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, tensor.nbytes()), 8);
    return Elements.of(
        type(tensor.dtype()),
        memory.copyFrom(Elements.memoryOf(tensor)).asSlice(0, tensor.nbytes()));
  }
}
