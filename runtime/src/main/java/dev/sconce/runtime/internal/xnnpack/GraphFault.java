package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.UnsupportedProgramException;
import dev.sconce.format.xnnpack.XnnValue;
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

  // Thousands of checks hold for each that does not: only that one makes its message.

  /** Requires something of a value; {@code field} is what follows its name. */
  void require(boolean holds, XnnValue value, String field, String expected, Object found) {
    if (!holds) {
      throw malformed("value " + value.id() + field, expected, found);
    }
  }

  /** Requires something of a value; {@code limit} is part of what is expected. */
  void require(
      boolean holds, XnnValue value, String field, String expected, Object limit, Object found) {
    if (!holds) {
      throw malformed("value " + value.id() + field, expected.formatted(limit), found);
    }
  }
}
