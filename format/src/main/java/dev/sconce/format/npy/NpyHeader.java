package dev.sconce.format.npy;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.FieldPath;
import dev.sconce.base.memory.MemoryReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Parses the header of an npy file: a Python dictionary such as {@code {'descr': '<f4',
 * 'fortran_order': False, 'shape': (3, 4), }}.
 *
 * <p>The grammar is the part of Python's literals that NumPy writes: strings without escapes, True
 * and False, and a tuple of integers (Python 2 ended long ones with L).
 */
final class NpyHeader {

  private static final FieldPath PATH = FieldPath.root().field("header");

  /** NumPy's limit of dimensions is 64. */
  private static final int MAX_RANK = 64;

  private final MemoryReader file;
  private final long start;
  private final String text;
  private int position;

  private String descriptor = "";
  private boolean columnMajor;
  private List<Long> shape = List.of();

  private NpyHeader(MemoryReader file, long start, String text) {
    this.file = file;
    this.start = start;
    this.text = text;
  }

  static NpyHeader parse(MemoryReader file, long start, String text) {
    NpyHeader header = new NpyHeader(file, start, text);
    header.dictionary();
    return header;
  }

  String descriptor() {
    return descriptor;
  }

  boolean columnMajor() {
    return columnMajor;
  }

  List<Long> shape() {
    return shape;
  }

  private void dictionary() {
    Set<String> seen = new HashSet<>();
    expect('{');
    while (!take('}')) {
      String key = string();
      if (!seen.add(key)) {
        throw malformed("keys that occur once", "'" + key + "' a second time");
      }
      expect(':');
      switch (key) {
        case "descr" -> descriptor = descriptorValue();
        case "fortran_order" -> columnMajor = bool();
        case "shape" -> shape = tuple();
        default -> throw malformed("the keys descr, fortran_order and shape", "'" + key + "'");
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    if (seen.size() != 3) {
      throw malformed("the keys descr, fortran_order and shape", seen.toString());
    }
    skipSpace();
    if (position != text.length()) {
      throw malformed("nothing after the dictionary", found());
    }
  }

  private String descriptorValue() {
    skipSpace();
    if (peek() == '[') {
      throw malformed("one element type", "a structured type, which no tensor has");
    }
    return string();
  }

  private String string() {
    skipSpace();
    char quote = peek();
    if (quote != '\'' && quote != '"') {
      throw malformed("a string in quotes", found());
    }
    int end = text.indexOf(quote, position + 1);
    if (end < 0 || text.substring(position, end).indexOf('\\') >= 0) {
      throw malformed("a string without escapes", found());
    }
    String value = text.substring(position + 1, end);
    position = end + 1;
    return value;
  }

  private boolean bool() {
    skipSpace();
    for (String word : new String[] {"True", "False"}) {
      if (text.startsWith(word, position)) {
        position += word.length();
        return word.equals("True");
      }
    }
    throw malformed("True or False", found());
  }

  private List<Long> tuple() {
    List<Long> sizes = new ArrayList<>();
    expect('(');
    while (!take(')')) {
      sizes.add(size());
      if (sizes.size() > MAX_RANK) {
        throw malformed("at most " + MAX_RANK + " dimensions", "more");
      }
      if (!take(',')) {
        expect(')');
        if (sizes.size() == 1) {
          throw malformed("a tuple", "a number in parentheses");
        }
        break;
      }
    }
    return sizes;
  }

  private long size() {
    skipSpace();
    int end = position;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    String digits = text.substring(position, end);
    // 18 digits always fit a long, and no file is that large.
    if (digits.isEmpty() || digits.length() > 18) {
      throw malformed("a size", found());
    }
    position = end;
    if (peek() == 'L') {
      position++;
    }
    return Long.parseLong(digits);
  }

  private void expect(char c) {
    if (!take(c)) {
      throw malformed("'" + c + "'", found());
    }
  }

  private boolean take(char c) {
    skipSpace();
    if (peek() == c) {
      position++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (position < text.length() && " \t\n\r".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private char peek() {
    return position < text.length() ? text.charAt(position) : '\0';
  }

  private String found() {
    return position < text.length()
        ? "'" + text.substring(position, Math.min(text.length(), position + 20)) + "'"
        : "the end of the header";
  }

  private MalformedFileException malformed(String expected, String found) {
    return file.malformed(start + position, PATH, expected, found);
  }
}
