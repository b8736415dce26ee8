package dev.sconce.runtime.internal.delegate;

import dev.sconce.runtime.internal.execution.Step;

/** A blob that has been read: immutable, shared by every method that calls it, from any thread. */
@FunctionalInterface
public interface PreparedDelegate {

  /**
   * Binds one call.
   *
   * @throws dev.sconce.base.MalformedFileException if the arguments do not suit the blob
   */
  Step bind(DelegateCall call);
}
