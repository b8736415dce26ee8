package dev.sconce.cli.internal;

import java.util.Locale;

/** Sizes as people read them: three digits or so and a binary unit. */
public final class HumanSize {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final int STEP = 1024;

  private HumanSize() {}

  /**
   * Returns a number of bytes with a unit, for example {@code 512 B}, {@code 1.50 KiB} or {@code
   * 98.3 MiB}.
   */
  public static String of(long bytes) {
    double size = bytes;
    int unit = 0;
    // 1023.5 would be rounded to 1024 of its unit: show it as 1.00 of the next.
    while (Math.abs(size) >= STEP - 0.5 && unit < UNITS.length - 1) {
      size /= STEP;
      unit++;
    }
    int decimals = unit == 0 || Math.abs(size) >= 99.95 ? 0 : Math.abs(size) >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f %s", size, UNITS[unit]);
  }
}
