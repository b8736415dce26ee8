package dev.sconce.runtime.internal.operator;

/**
 * A legal call that this runtime cannot execute, met while binding: a dtype without a kernel, an
 * option nobody implemented. The loader collects all of them into one {@link
 * dev.sconce.base.UnsupportedProgramException} with method and instruction.
 */
public final class UnsupportedCall extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Creates it with the reason, such as {@code "dtype complex64"}. */
  public UnsupportedCall(String reason) {
    super(reason);
  }
}
