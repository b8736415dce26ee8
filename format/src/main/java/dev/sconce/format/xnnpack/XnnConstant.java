package dev.sconce.format.xnnpack;

import dev.sconce.format.Blob;

/** Where the bytes of a constant are. */
public sealed interface XnnConstant {

  /** The first entry of the list: the index 0 means that a value is no constant. */
  record Reserved() implements XnnConstant {}

  /**
   * Bytes inside the blob.
   *
   * @param data the bytes
   */
  record Inside(Blob data) implements XnnConstant {}

  /**
   * Bytes among the named data of the program or a {@code .ptd} file.
   *
   * @param key the name
   * @param size the size in bytes that the exporter noted
   */
  record Named(String key, long size) implements XnnConstant {}
}
