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

  /**
   * Returns whether every run overwrites an argument completely without reading it. A method that
   * is copied with its state leaves such values out; saying false is never wrong, only slower.
   *
   * @param position the argument
   */
  default boolean overwrites(int position) {
    return false;
  }
}
