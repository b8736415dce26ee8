package dev.sconce.cli.internal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The largest resident size that this process has had, where the system tells: on Linux. */
final class ResidentMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  private ResidentMemory() {}

  /** Returns the peak so far in MiB. */
  static OptionalLong peakMib() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(PEAK)) {
          // VmHWM:    123456 kB
          String kib = line.substring(PEAK.length()).replace("kB", "").strip();
          return OptionalLong.of(Long.parseLong(kib) / 1024);
        }
      }
    } catch (IOException | NumberFormatException e) {
      // No such file elsewhere: then there is no number, and the report says so.
      return OptionalLong.empty();
    }
    return OptionalLong.empty();
  }
}
