package dev.sconce.text.internal.normalizer;

import dev.sconce.text.internal.pipeline.AlignedText;

/** The clean-up of neural translation: control characters go, odd spaces become spaces. */
public record Nmt() implements Normalizer {

  @Override
  public AlignedText normalize(AlignedText text) {
    return CharacterFilter.apply(text, c -> !isControl(c), c -> isSpace(c) ? ' ' : c);
  }

  private static boolean isControl(int c) {
    return (c >= 0x01 && c <= 0x08)
        || c == 0x0B
        || (c >= 0x0E && c <= 0x1F)
        || c == 0x7F
        || c == 0x8F
        || c == 0x9F;
  }

  private static boolean isSpace(int c) {
    return switch (c) {
      case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD -> true;
      default -> c >= 0x200B && c <= 0x200F;
    };
  }
}
