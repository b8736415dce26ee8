package dev.sconce.text.internal.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {

  private static List<String> matches(String pattern, String text) throws RegexSyntaxException {
    return matches(Regex.general(pattern, RegexFlavor.ONIGURUMA), text);
  }

  private static List<String> matches(MatchFinder finder, String text) {
    List<String> found = new ArrayList<>();
    MatchFinder.Cursor cursor = finder.matches(text, 0, text.length());
    while (cursor.next()) {
      found.add(text.substring(cursor.start(), cursor.end()));
    }
    return found;
  }

  // Expected values were asked of the tokenizers library (Oniguruma).
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "a+?b|c ~ aabcab ~ aab,c,ab",
        "(?i:ab) ~ aBAb ~ aB,Ab",
        "(?<=a)b ~ abbab ~ b,b",
        "(?<!a)b ~ abbab ~ b",
        "x(?=y)|z ~ xyxz ~ x,z",
        "(a|b)+c? ~ abcba ~ abc,ba",
        "(.)\\1 ~ aabcc ~ aa,cc",
        "[a-z&&[^aeiou]]+ ~ hello ~ h,ll",
        "[^b[cd]] ~ abcde ~ a,e",
        "(?>a+)a|b ~ aab ~ b",
        "\\p{Lu}\\p{Ll}* ~ FooBar ~ Foo,Bar",
        "\\p{N}{1,3}+ ~ 12345 ~ 12345",
        "a{,2} ~ aaa ~ aa,a",
        "[[:digit:]]+ ~ a12b3 ~ 12,3",
        "\\h+ ~ xyzBEEFq ~ BEEF",
        "(?:ab?)*?c ~ aabac ~ aabac",
        "(a*)*b ~ aab ~ aab",
      })
  void matchesAsOnigurumaDoes(String pattern, String text, String expected)
      throws RegexSyntaxException {
    assertThat(String.join(",", matches(pattern.strip(), text.strip())))
        .isEqualTo(expected.strip());
  }

  @Test
  void takesPossessiveIntervalsAsRustDoesForTiktoken() throws RegexSyntaxException {
    assertThat(matches(Regex.general("\\p{N}{1,3}+", RegexFlavor.FANCY), "12345"))
        .containsExactly("123", "45");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "a)",
        "[a",
        "*a",
        "\\p{Foo}",
        "(?<=a+)b",
        "(?i:ss)",
        "\\X",
        "\\K",
        "(?~a)",
        "[z-a]",
        "\\2",
        "\\"
      })
  void rejectsWhatIsWrongOrCannotBeMatchedExactly(String pattern) {
    assertThatThrownBy(() -> matches(pattern, "a")).isInstanceOf(RegexSyntaxException.class);
  }

  @Test
  void stopsACatastrophicPattern() {
    String text = "a".repeat(200) + "b";
    assertThatThrownBy(() -> matches("(a|a)*c|(a+)+c", text))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("budget");
  }

  @Test
  void aLongTextNeedsNoDeepStack() throws RegexSyntaxException {
    assertThat(matches("(a|b)+", "ab".repeat(200_000)).getFirst()).hasSize(400_000);
  }
}
