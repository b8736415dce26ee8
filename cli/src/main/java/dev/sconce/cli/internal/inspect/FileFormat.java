package dev.sconce.cli.internal.inspect;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.cli.internal.HumanSize;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The formats that can be inspected. Files are known by their first bytes, not by their names. */
public enum FileFormat {
  /** A program. */
  PTE("ExecuTorch program"),
  /** A program with tests. */
  BPTE("bundled program"),
  /** Data outside of a program. */
  PTD("external data"),
  /** What a run noted. */
  ETDUMP("event dump"),
  /** A delegate's blob. */
  XNNPACK("XNNPACK graph"),
  /** Tensors of a checkpoint. */
  SAFETENSORS("safetensors"),
  /** The index of a checkpoint in several files. */
  SAFETENSORS_INDEX("index of a sharded checkpoint"),
  /** A NumPy array. */
  NPY("NumPy array");

  /** Where FlatBuffers have their identifier; one with its size before it has it 4 bytes later. */
  private static final int IDENTIFIER = 4;

  private static final int LOOK = 64;

  private final String title;

  FileFormat(String title) {
    this.title = title;
  }

  /** Returns the word by which scripts know the format. */
  public String key() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** Returns the heading of a report. */
  String title(String file, long size) {
    return "%s: %s, %s".formatted(file, title, HumanSize.of(size));
  }

  /**
   * Finds out what a file is.
   *
   * @throws MalformedFileException if it is none of the formats
   */
  public static FileFormat of(MemoryReader file) {
    MemorySegment head = file.memory().asSlice(0, Math.min(LOOK, file.size()));
    String text = new String(head.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    if (text.startsWith("\u0093NUMPY")) {
      return NPY;
    }
    if (text.startsWith("ET", IDENTIFIER)) {
      return PTE; // any version: the reader says which one it expects
    }
    if (text.startsWith("BP", IDENTIFIER)) {
      return BPTE;
    }
    if (text.startsWith("FT", IDENTIFIER)) {
      return PTD;
    }
    if (text.startsWith("XH", IDENTIFIER) || text.startsWith("XN0", IDENTIFIER)) {
      return XNNPACK;
    }
    if (text.startsWith("ED", 2 * IDENTIFIER)) {
      return ETDUMP;
    }
    if (text.length() > Long.BYTES && text.charAt(Long.BYTES) == '{' && text.charAt(7) == 0) {
      return SAFETENSORS;
    }
    if (text.stripLeading().startsWith("{")) {
      return SAFETENSORS_INDEX;
    }
    throw new MalformedFileException(
        file.file(),
        0,
        "",
        "a program (.pte, .bpte), external data (.ptd), an event dump (.etdp), an XNNPACK blob, safetensors"
            + " or their index, or npy",
        text.isEmpty()
            ? "an empty file"
            : "bytes "
                + HexFormat.ofDelimiter(" ")
                    .formatHex(
                        head.toArray(ValueLayout.JAVA_BYTE), 0, Math.min(12, text.length())));
  }
}
