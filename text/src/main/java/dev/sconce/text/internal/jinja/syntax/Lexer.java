package dev.sconce.text.internal.jinja.syntax;

import dev.sconce.text.internal.jinja.python.CharClass;
import dev.sconce.text.internal.jinja.python.NumberText;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyFloat;
import dev.sconce.text.internal.jinja.python.PyInt;
import dev.sconce.text.internal.jinja.python.PyRepr;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyValue;
import dev.sconce.text.internal.jinja.python.StrSplit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a template into tokens, with {@code trim_blocks} and {@code lstrip_blocks} on.
 *
 * <p>White space around tags: {@code -} takes all of it on its side; {@code +} keeps all; otherwise
 * a block or comment that is alone on its line loses the spaces before it, and every block and
 * comment the one line break after it.
 */
final class Lexer {

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  /** Whether the last tag ended with a line break, so that the next one may start a line. */
  private boolean lineStarting = true;

  private Lexer(String source) {
    this.source = source;
  }

  /** Returns the tokens of a template, the last one EOF. */
  static List<Token> tokenize(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    if (source.endsWith("\n")) {
      source = source.substring(0, source.length() - 1);
    }
    Lexer lexer = new Lexer(source);
    lexer.root();
    lexer.tokens.add(new Token(TokenKind.EOF, "", lexer.line));
    return lexer.tokens;
  }

  private PyError error(String message) {
    return new PyError(PyError.Kind.SYNTAX, message, line);
  }

  private void root() {
    while (at < source.length()) {
      int tag = nextTag(at);
      if (tag < 0) {
        data(source.substring(at));
        at = source.length();
        return;
      }
      String text = source.substring(at, tag);
      char kind = source.charAt(tag + 1);
      char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
      int signLength = sign == '-' || sign == '+' ? 1 : 0;
      boolean raw = kind == '%' && isRaw(tag);
      data(stripped(text, signLength == 0 ? ' ' : sign, kind == '{'));
      advance(text);
      int tagLine = line;
      at = tag + 2 + signLength;
      if (raw) {
        raw();
      } else if (kind == '#') {
        comment();
      } else {
        boolean block = kind == '%';
        tokens.add(
            new Token(block ? TokenKind.BLOCK_BEGIN : TokenKind.VARIABLE_BEGIN, "", tagLine));
        lineStarting = false;
        expression(block);
      }
    }
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private void data(String text) {
    if (!text.isEmpty()) {
      tokens.add(new Token(TokenKind.DATA, text, line));
    }
  }

  private void advance(String consumed) {
    line += (int) consumed.chars().filter(c -> c == '\n').count();
  }

  private String stripped(String text, char sign, boolean variable) {
    if (sign == '-') {
      return StrSplit.strip(text, null, false, true);
    }
    if (sign == '+' || variable) {
      return text;
    }
    int lineStart = text.lastIndexOf('\n') + 1;
    if ((lineStart > 0 || lineStarting)
        && StrSplit.strip(text.substring(lineStart), null, true, false).isEmpty()) {
      return text.substring(0, lineStart);
    }
    return text;
  }

  /** Returns where white space from a position ends. */
  private int skipSpace(int from) {
    int i = from;
    while (i < source.length() && CharClass.isSpace(source.charAt(i))) {
      i++;
    }
    return i;
  }

  /** Whether the block tag at a position is {@code {% raw %}}. */
  private boolean isRaw(int tag) {
    int i = tag + 2;
    if (i < source.length() && (source.charAt(i) == '-' || source.charAt(i) == '+')) {
      i++;
    }
    i = skipSpace(i);
    if (!source.startsWith("raw", i)) {
      return false;
    }
    i = skipSpace(i + 3);
    return source.startsWith("-%}", i) || source.startsWith("%}", i);
  }

  private void raw() {
    int start = at;
    int end = skipSpace(skipSpace(at) + 3);
    // The opening tag takes no line break after it; "-" takes all white space.
    end = source.charAt(end) == '-' ? skipSpace(end + 3) : end + 2;
    advance(source.substring(start, end));
    lineStarting = end > 0 && source.charAt(end - 1) == '\n';
    at = end;
    for (int tag = source.indexOf("{%", at); tag >= 0; tag = source.indexOf("{%", tag + 2)) {
      int i = tag + 2;
      char sign = i < source.length() ? source.charAt(i) : ' ';
      i = skipSpace(sign == '-' || sign == '+' ? i + 1 : i);
      if (!source.startsWith("endraw", i)) {
        continue;
      }
      int close = endOfTag(skipSpace(i + 6), "%}", true);
      if (close >= 0) {
        String text = source.substring(at, tag);
        data(stripped(text, sign == '-' || sign == '+' ? sign : ' ', false));
        advance(source.substring(at, close));
        lineStarting = source.charAt(close - 1) == '\n';
        at = close;
        return;
      }
    }
    if (at < source.length()) {
      throw error("Missing end of raw directive");
    }
  }

  /**
   * Returns where the closing tag at a position ends, trimmed white space included, or -1 if none
   * stands there.
   */
  private int endOfTag(int from, String tag, boolean block) {
    if (source.startsWith("-" + tag, from)) {
      return skipSpace(from + 1 + tag.length());
    }
    if (block && source.startsWith("+" + tag, from)) {
      return from + 1 + tag.length();
    }
    if (!source.startsWith(tag, from)) {
      return -1;
    }
    int end = from + tag.length();
    return block && end < source.length() && source.charAt(end) == '\n' ? end + 1 : end;
  }

  private void comment() {
    int close = source.indexOf("#}", at);
    if (close < 0) {
      throw error("Missing end of comment tag");
    }
    char sign = close > at ? source.charAt(close - 1) : ' ';
    int end = endOfTag(sign == '-' || sign == '+' ? close - 1 : close, "#}", true);
    advance(source.substring(at, end));
    lineStarting = source.charAt(end - 1) == '\n';
    at = end;
  }

  private void expression(boolean block) {
    Deque<Character> brackets = new ArrayDeque<>();
    String closing = block ? "%}" : "}}";
    while (at < source.length()) {
      int end = brackets.isEmpty() ? endOfTag(at, closing, block) : -1;
      if (end >= 0) {
        tokens.add(new Token(block ? TokenKind.BLOCK_END : TokenKind.VARIABLE_END, "", line));
        advance(source.substring(at, end));
        lineStarting = source.charAt(end - 1) == '\n';
        at = end;
        return;
      }
      int start = at;
      char c = source.charAt(at);
      if (CharClass.isSpace(c)) {
        at = skipSpace(at);
      } else if (c >= '0' && c <= '9') {
        number();
      } else if (CharClass.isWord(source.codePointAt(at))
          || CharClass.isIdentifierPart(source.codePointAt(at))) {
        name();
      } else if (c == '\'' || c == '"') {
        string(c);
      } else {
        operator(brackets);
      }
      advance(source.substring(start, at));
    }
    // An open tag at the end of the source is the parser's to report.
  }

  private void name() {
    int start = at;
    while (at < source.length()) {
      int c = source.codePointAt(at);
      if (!CharClass.isWord(c) && !CharClass.isIdentifierPart(c)) {
        break;
      }
      at += Character.charCount(c);
    }
    String name = source.substring(start, at);
    if (!CharClass.isIdentifierStart(name.codePointAt(0))
        || !name.codePoints().allMatch(CharClass::isIdentifierPart)) {
      throw error("Invalid character in identifier");
    }
    tokens.add(new Token(TokenKind.NAME, name, line));
  }

  private void number() {
    boolean afterDot = at > 0 && source.charAt(at - 1) == '.';
    int end = afterDot ? -1 : endOfFloat();
    if (end >= 0) {
      String text = source.substring(at, end);
      Double value = NumberText.parseFloat(text);
      if (value == null) {
        throw error("invalid number " + text);
      }
      add(TokenKind.FLOAT, text, new PyFloat(value), end);
      return;
    }
    end = endOfInteger();
    String text = source.substring(at, end);
    java.math.BigInteger value = NumberText.parseInteger(text.replace("_", ""), 0);
    if (value == null) {
      throw error("invalid number " + text);
    }
    add(TokenKind.INTEGER, text, new PyInt(value), end);
  }

  private void add(TokenKind kind, String text, PyValue value, int end) {
    tokens.add(new Token(kind, text, value, line));
    at = end;
  }

  /** Returns where digits with single underscores between them end. */
  private int digits(int from, int radix, boolean leadingUnderscore) {
    int i = from;
    boolean mayUnderscore = leadingUnderscore;
    while (i < source.length()) {
      char c = source.charAt(i);
      if (c < 0x7F && Character.digit(c, radix) >= 0) {
        i++;
        mayUnderscore = true;
      } else if (c == '_'
          && mayUnderscore
          && i + 1 < source.length()
          && source.charAt(i + 1) < 0x7F
          && Character.digit(source.charAt(i + 1), radix) >= 0) {
        i++;
        mayUnderscore = false;
      } else {
        break;
      }
    }
    return i;
  }

  private int endOfFloat() {
    int whole = digits(at, 10, false);
    int end = whole;
    if (peek(end) == '.' && isDigit(end + 1)) {
      end = digits(end + 1, 10, false);
    }
    if (peek(end) == 'e' || peek(end) == 'E') {
      int exponent = end + (peek(end + 1) == '+' || peek(end + 1) == '-' ? 2 : 1);
      if (isDigit(exponent)) {
        end = digits(exponent, 10, false);
      }
    }
    return end > whole ? end : -1;
  }

  private char peek(int i) {
    return i < source.length() ? source.charAt(i) : '\0';
  }

  private boolean isDigit(int i) {
    return peek(i) >= '0' && peek(i) <= '9';
  }

  private int endOfInteger() {
    if (source.charAt(at) != '0') {
      return digits(at, 10, false);
    }
    int radix =
        switch (peek(at + 1)) {
          case 'b', 'B' -> 2;
          case 'o', 'O' -> 8;
          case 'x', 'X' -> 16;
          default -> 0;
        };
    if (radix != 0) {
      int end = digits(at + 2, radix, true);
      if (end > at + 2) {
        return end;
      }
    }
    int end = at + 1;
    while (peek(end) == '0' || (peek(end) == '_' && peek(end + 1) == '0')) {
      end++;
    }
    return end;
  }

  private void string(char quote) {
    int end = at + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw unexpected();
    }
    String body = source.substring(at + 1, end);
    add(TokenKind.STRING, body, PyStr.of(StringEscapes.resolve(body, line)), end + 1);
  }

  private PyError unexpected() {
    String c = Character.toString(source.codePointAt(at));
    return error("unexpected char " + PyRepr.quote(c) + " at " + source.codePointCount(0, at));
  }

  private void operator(Deque<Character> brackets) {
    TokenKind kind =
        switch (source.charAt(at)) {
          case '+' -> TokenKind.ADD;
          case '-' -> TokenKind.SUB;
          case '/' -> peek(at + 1) == '/' ? TokenKind.FLOORDIV : TokenKind.DIV;
          case '*' -> peek(at + 1) == '*' ? TokenKind.POW : TokenKind.MUL;
          case '%' -> TokenKind.MOD;
          case '~' -> TokenKind.TILDE;
          case '[' -> TokenKind.LBRACKET;
          case ']' -> TokenKind.RBRACKET;
          case '(' -> TokenKind.LPAREN;
          case ')' -> TokenKind.RPAREN;
          case '{' -> TokenKind.LBRACE;
          case '}' -> TokenKind.RBRACE;
          case '=' -> peek(at + 1) == '=' ? TokenKind.EQ : TokenKind.ASSIGN;
          case '>' -> peek(at + 1) == '=' ? TokenKind.GTEQ : TokenKind.GT;
          case '<' -> peek(at + 1) == '=' ? TokenKind.LTEQ : TokenKind.LT;
          case '!' -> {
            if (peek(at + 1) != '=') {
              throw unexpected();
            }
            yield TokenKind.NE;
          }
          case '.' -> TokenKind.DOT;
          case ':' -> TokenKind.COLON;
          case '|' -> TokenKind.PIPE;
          case ',' -> TokenKind.COMMA;
          case ';' -> TokenKind.SEMICOLON;
          default -> throw unexpected();
        };
    balance(kind, brackets);
    String symbol = kind.description();
    tokens.add(new Token(kind, symbol, line));
    at += symbol.length();
  }

  private void balance(TokenKind kind, Deque<Character> brackets) {
    switch (kind) {
      case LPAREN -> brackets.push(')');
      case LBRACKET -> brackets.push(']');
      case LBRACE -> brackets.push('}');
      case RPAREN, RBRACKET, RBRACE -> {
        char found = kind.description().charAt(0);
        if (brackets.isEmpty()) {
          throw error("unexpected '" + found + "'");
        }
        char expected = brackets.pop();
        if (expected != found) {
          throw error("unexpected '" + found + "', expected '" + expected + "'");
        }
      }
      default -> {}
    }
  }
}
