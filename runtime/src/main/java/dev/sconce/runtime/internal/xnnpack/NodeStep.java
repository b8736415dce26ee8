package dev.sconce.runtime.internal.xnnpack;

/** A node of a bound call. */
interface NodeStep {

  /**
   * Sets the shapes of what is written from those of what is read, and prepares what depends on
   * them. Called when an input of the call has other sizes than before, in the order of nodes.
   *
   * @throws dev.sconce.runtime.internal.execution.OperatorFailure if the shapes do not suit
   */
  void reshape();

  /** Computes. */
  void run();
}
