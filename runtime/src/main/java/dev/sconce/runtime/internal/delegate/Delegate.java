package dev.sconce.runtime.internal.delegate;

/**
 * A backend that executes subgraphs given as opaque blobs.
 *
 * <p>Three stages, from shared to private:
 *
 * <ol>
 *   <li>{@link #prepare}: once per program and blob; reads the blob, resolves weights, packs them.
 *       The result is immutable and shared by all methods and threads, until the program is closed.
 *   <li>{@link PreparedDelegate#bind}: once per instruction of each loaded method; resolves the
 *       arguments and allocates what the method alone uses.
 *   <li>{@link dev.sconce.runtime.internal.execution.Step#run}: again and again.
 * </ol>
 */
public interface Delegate {

  /** Returns the id by which programs ask for it, for example {@code XnnpackBackend}. */
  String id();

  /**
   * Reads a blob.
   *
   * @throws dev.sconce.base.MalformedFileException if the blob breaks the rules of its format
   * @throws dev.sconce.base.UnsupportedProgramException if it needs what this backend lacks; names
   *     all of it
   */
  PreparedDelegate prepare(DelegateSource source);
}
