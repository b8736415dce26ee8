package dev.sconce.text.internal.regex;

import dev.sconce.text.internal.unicode.CodePointRanges;
import org.jspecify.annotations.Nullable;

/** Parses a character class after its opening bracket: ranges, nested classes, intersections. */
final class ClassParser {

  private static final int MAX_DEPTH = 50;

  private final PatternText in;
  private final boolean ignoreCase;
  private int depth;

  ClassParser(PatternText in, boolean ignoreCase) {
    this.in = in;
    this.ignoreCase = ignoreCase;
  }

  CodePointRanges parse() throws RegexSyntaxException {
    if (++depth > MAX_DEPTH) {
      throw in.error("classes nested deeper than " + MAX_DEPTH);
    }
    boolean negated = in.take('^');
    @Nullable CodePointRanges intersection = null;
    CodePointRanges set = CodePointRanges.empty();
    boolean first = true;
    while (true) {
      if (in.atEnd()) {
        throw in.error("a class without end");
      }
      if (!first && in.take(']')) {
        break;
      }
      if (in.take("&&")) {
        intersection = intersection == null ? set : intersection.intersect(set);
        set = CodePointRanges.empty();
      } else {
        set = set.union(item());
      }
      first = false;
    }
    depth--;
    CodePointRanges all = intersection == null ? set : intersection.intersect(set);
    all = ignoreCase ? CaseFolding.close(all) : all;
    return negated ? all.complement() : all;
  }

  private CodePointRanges item() throws RegexSyntaxException {
    if (in.startsWith("[:")) {
      CodePointRanges posix = ClassEscapes.takePosix(in);
      if (posix != null) {
        return posix;
      }
    }
    if (in.take('[')) {
      return parse();
    }
    int from;
    if (in.take('\\')) {
      CodePointRanges set = ClassEscapes.takeSet(in);
      if (set != null) {
        return set;
      }
      from = ClassEscapes.takeCharacter(in, true);
    } else {
      from = in.next();
    }
    // A hyphen before the end of the class stands for itself.
    if (!in.startsWith("-") || in.startsWith("-]")) {
      return CodePointRanges.of(from);
    }
    in.next();
    if (in.atEnd()) {
      throw in.error("a class without end");
    }
    int to;
    if (in.take('\\')) {
      CodePointRanges set = ClassEscapes.takeSet(in);
      if (set != null) {
        return set.union(CodePointRanges.of(from, '-'));
      }
      to = ClassEscapes.takeCharacter(in, true);
    } else if (in.startsWith("[")) {
      return CodePointRanges.of(from, '-');
    } else {
      to = in.next();
    }
    if (to < from) {
      throw in.error("an empty range");
    }
    return CodePointRanges.range(from, to);
  }
}
