package dev.sconce.runtime.internal.delegate;

import dev.sconce.runtime.internal.execution.CallSite;
import dev.sconce.runtime.internal.memory.Workspace;
import dev.sconce.runtime.internal.slot.Slot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.lang.foreign.SegmentAllocator;
import java.util.List;

/**
 * One call of a delegate, while it is bound.
 *
 * @param site where it stands in the program
 * @param arguments inputs and outputs, in the order that the blob knows them by; numbers among them
 *     are legal and usually ignored
 * @param memory allocates memory that lives as long as the method; zero-filled where the operating
 *     system does so without touching it
 * @param workspace memory that all steps of the method use one after the other
 */
public record DelegateCall(
    CallSite site, List<Slot> arguments, SegmentAllocator memory, Workspace workspace) {

  /** Copies the list. */
  public DelegateCall {
    arguments = List.copyOf(arguments);
  }

  /**
   * Returns an argument that must be a tensor.
   *
   * @throws dev.sconce.base.MalformedFileException if there is no such argument or it is none
   */
  public TensorSlot tensor(int position) {
    if (position < 0 || position >= arguments.size()) {
      throw site.malformedArgument(position, "an argument", "only " + arguments.size());
    }
    Slot slot = arguments.get(position);
    if (slot instanceof TensorSlot tensor) {
      return tensor;
    }
    throw site.malformedArgument(position, "a tensor", slot.describe());
  }
}
