package dev.sconce.format.pte;

/** The forms that the extended header of a {@code .pte} file has had. */
public enum HeaderForm {
  /** No header: the whole file is the program table, and there are no segments. */
  NONE(0),
  /** 24 bytes, without the size of the segment data. */
  SHORT(24),
  /** 32 bytes or more. */
  FULL(32);

  private final int length;

  HeaderForm(int length) {
    this.length = length;
  }

  /** Returns the length in bytes that is written, from the header's magic on. */
  public int length() {
    return length;
  }
}
