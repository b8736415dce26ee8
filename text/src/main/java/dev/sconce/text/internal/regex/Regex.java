package dev.sconce.text.internal.regex;

/** A regular expression, matched exactly as Oniguruma does, with its Unicode tables. */
public final class Regex implements MatchFinder {

  private final String pattern;
  private final RegexProgram program;

  private Regex(String pattern, RegexProgram program) {
    this.pattern = pattern;
    this.program = program;
  }

  /**
   * Compiles a pattern for the general engine.
   *
   * @throws RegexSyntaxException if it is wrong or cannot be matched exactly
   */
  public static Regex general(String pattern, RegexFlavor flavor) throws RegexSyntaxException {
    RegexParser parser = new RegexParser(pattern, flavor);
    RegexNode root = parser.parse();
    return new Regex(pattern, RegexCompiler.compile(root, parser.groups()));
  }

  /**
   * Returns a finder for a pattern: the hand-written scanner if the pattern is a known one,
   * otherwise the general engine.
   *
   * @throws RegexSyntaxException if it is wrong or cannot be matched exactly
   */
  public static MatchFinder finder(String pattern, RegexFlavor flavor) throws RegexSyntaxException {
    MatchFinder known = KnownPatterns.scanner(pattern);
    return known != null ? known : general(pattern, flavor);
  }

  @Override
  public long find(String text, int begin, int end, int from) {
    return new RegexMachine(pattern, program, text, begin, end).find(from);
  }

  /** Returns a cursor whose matches share one budget and one stack. */
  @Override
  public Cursor matches(String text, int begin, int end) {
    RegexMachine machine = new RegexMachine(pattern, program, text, begin, end);
    return new Cursor((_, _, _, from) -> machine.find(from), text, begin, end);
  }

  @Override
  public String toString() {
    return pattern;
  }
}
