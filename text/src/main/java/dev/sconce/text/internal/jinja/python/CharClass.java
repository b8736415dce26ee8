package dev.sconce.text.internal.jinja.python;

/** The character classes of Python's {@code str}. */
public final class CharClass {

  /** Letters with a numeric value: the Chinese numerals and their compatibility forms. */
  private static final String NUMERIC_IDEOGRAPHS =
      "㐅㒃㠪㭍一七万三九二五亖亿什仟仨伍佰億兆兩八六十千卄卅卌叁参參叄四壱壹幺廾廿弌弍弎弐拾捌柒漆玖百肆萬貮貳贰阡陆陌陸零\uF96B\uF973"
          + "\uF978\uF9B2\uF9D1\uF9D3\uF9FD\uD840\uDC01\uD840\uDC64\uD840\uDCE2"
          + "\uD840\uDD21\uD842\uDD2A\uD842\uDD83\uD842\uDD8C\uD842\uDD9C"
          + "\uD842\uDEEA\uD842\uDEFD\uD842\uDF19\uD848\uDF90\uD84A\uDD98"
          + "\uD84E\uDF1B\uD858\uDE6D\uD87E\uDC90";

  private CharClass() {}

  /** Returns whether {@code str.isspace} and {@code \s} hold. */
  public static boolean isSpace(int c) {
    return switch (c) {
      case ' ',
          '\t',
          '\n',
          0x0B,
          '\f',
          '\r',
          0x1C,
          0x1D,
          0x1E,
          0x1F,
          0x85,
          0xA0,
          0x1680,
          0x2028,
          0x2029,
          0x202F,
          0x205F,
          0x3000 ->
          true;
      default -> c >= 0x2000 && c <= 0x200A;
    };
  }

  /** Returns whether {@code str.splitlines} breaks at a character. */
  static boolean isLineBreak(int c) {
    return switch (c) {
      case '\n', '\r', 0x0B, '\f', 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029 -> true;
      default -> false;
    };
  }

  /** Returns whether {@code repr} shows the character as it is. */
  static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  static boolean isAlpha(int c) {
    return Character.isLetter(c);
  }

  static boolean isDecimal(int c) {
    return Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER;
  }

  /** Numeric_Type Digit or Decimal: decimals, superscripts, circled and similar digits. */
  static boolean isDigit(int c) {
    return isDecimal(c) || isOtherDigit(c);
  }

  private static boolean isOtherDigit(int c) {
    return c == 0xB2
        || c == 0xB3
        || c == 0xB9
        || (c >= 0x1369 && c <= 0x1371)
        || c == 0x19DA
        || c == 0x2070
        || (c >= 0x2074 && c <= 0x2079)
        || (c >= 0x2080 && c <= 0x2089)
        || (c >= 0x2460 && c <= 0x2468)
        || (c >= 0x2474 && c <= 0x247C)
        || (c >= 0x2488 && c <= 0x2490)
        || c == 0x24EA
        || (c >= 0x24F5 && c <= 0x24FD)
        || c == 0x24FF
        || (c >= 0x2776 && c <= 0x277E)
        || (c >= 0x2780 && c <= 0x2788)
        || (c >= 0x278A && c <= 0x2792)
        || (c >= 0x10A40 && c <= 0x10A43)
        || (c >= 0x10E60 && c <= 0x10E68)
        || (c >= 0x11052 && c <= 0x1105A)
        || (c >= 0x1F100 && c <= 0x1F10A);
  }

  /** Numeric_Type other than None, up to the numeric ideographs. */
  static boolean isNumeric(int c) {
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> isNumericIdeograph(c);
    };
  }

  private static boolean isNumericIdeograph(int c) {
    return NUMERIC_IDEOGRAPHS.indexOf(c) >= 0;
  }

  static boolean isAlphanumeric(int c) {
    return isAlpha(c) || isNumeric(c) || isDigit(c);
  }

  static boolean isLower(int c) {
    return Character.isLowerCase(c);
  }

  static boolean isUpper(int c) {
    return Character.isUpperCase(c);
  }

  static boolean isTitle(int c) {
    return Character.isTitleCase(c);
  }

  static boolean isCased(int c) {
    return isLower(c) || isUpper(c) || isTitle(c);
  }

  /** Returns whether {@code \w} matches: a letter, a number or an underscore. */
  public static boolean isWord(int c) {
    return c == '_' || isAlphanumeric(c);
  }

  /** Returns whether an identifier may start with a character. */
  public static boolean isIdentifierStart(int c) {
    return c == '_' || Character.isUnicodeIdentifierStart(c);
  }

  /** Returns whether an identifier may go on with a character. */
  public static boolean isIdentifierPart(int c) {
    return Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c);
  }
}
