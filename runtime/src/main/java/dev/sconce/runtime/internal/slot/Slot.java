package dev.sconce.runtime.internal.slot;

/**
 * One value of an execution plan, in the form that bound instructions keep a reference to.
 *
 * <p>A program's values are numbered; an instruction names them by number. At load every number is
 * resolved to its slot once, so that executing looks nothing up. A slot's kind never changes,
 * except that the three kinds of number share {@link ScalarSlot}, as the official runtime may store
 * an integer where the file declared a bool.
 */
public sealed interface Slot
    permits NoneSlot,
        ScalarSlot,
        StringSlot,
        IntListSlot,
        DoubleListSlot,
        BoolListSlot,
        TensorSlot,
        TensorListSlot {

  /** Returns what the slot holds, for messages: "an int", "a tensor". */
  String describe();
}
