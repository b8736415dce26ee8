package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.UnsupportedProgramException;
import java.util.List;

/** Makes the exceptions of a blob that cannot be planned. */
record GraphFault(String file) {

  /** A rule of XNNPACK that the graph breaks. */
  MalformedFileException malformed(String where, String expected, Object found) {
    return new MalformedFileException(file, -1, where, expected, String.valueOf(found));
  }

  /** Something that XNNPACK has and this backend has not, or that neither has. */
  UnsupportedProgramException unsupported(String what) {
    return new UnsupportedProgramException(file, List.of(what));
  }

  void require(boolean holds, String where, String expected, Object found) {
    if (!holds) {
      throw malformed(where, expected, found);
    }
  }
}
