package dev.sconce.runtime.internal.execution;

import dev.sconce.runtime.EventTracer;
import dev.sconce.runtime.InstructionInfo;
import org.jspecify.annotations.Nullable;

/**
 * What a step may use while it runs, and where the method stands. One per method; used by the one
 * thread that executes it.
 */
public final class ExecutionContext {

  private final @Nullable EventTracer tracer;
  private @Nullable InstructionInfo instruction;
  private int next;
  private volatile boolean cancelled;

  /**
   * Creates a context.
   *
   * @param tracer who listens, or null
   */
  public ExecutionContext(@Nullable EventTracer tracer) {
    this.tracer = tracer;
  }

  /** Returns who listens to delegate nodes, or null: then take no times. */
  public @Nullable EventTracer tracer() {
    return tracer;
  }

  /** Returns the instruction that runs. Kept only while tracing; for {@link #tracer} calls. */
  public InstructionInfo instruction() {
    InstructionInfo current = instruction;
    if (current == null) {
      throw new IllegalStateException("no instruction is being traced");
    }
    return current;
  }

  /** Tells which instruction runs now. */
  public void enter(InstructionInfo current) {
    instruction = current;
  }

  /** Returns the index of the instruction that runs after this one. */
  public int next() {
    return next;
  }

  /** Sets the index of the instruction that runs after this one: a jump does, and the loop. */
  public void setNext(int index) {
    next = index;
  }

  /** Asks the execution to end before its next instruction. Any thread may. */
  public void cancel() {
    cancelled = true;
  }

  /** Withdraws a cancellation. */
  public void clearCancelled() {
    cancelled = false;
  }

  /** Returns whether the execution shall end. Long steps may ask and then return early. */
  public boolean isCancelled() {
    return cancelled;
  }
}
