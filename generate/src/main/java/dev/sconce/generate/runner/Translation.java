package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.text.AddedToken;
import dev.sconce.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes requests of texts in one language for texts in another, as multilingual models want them.
 *
 * <pre>
 * NLLB        fra_Latn + source       the decoder's first token is forced: deu_Latn
 * mBART-50    fr_XX + source          the decoder's first token is forced: de_DE
 * mBART       source + fr_XX          the decoder starts with de_DE
 * M2M-100     __fr__ + source         the decoder's first token is forced: __de__
 * Marian      &gt;&gt;deu&lt;&lt; + source       several targets in one model
 * </pre>
 *
 * <p>A language is named by its token, or by what stands between the marks or before the underscore
 * if only one token fits: {@code de} for {@code __de__} or {@code de_DE}.
 *
 * @param tokenizer the model's tokenizer
 */
public record Translation(Tokenizer tokenizer) {

  private static final String CODE = "[a-z]{2,3}_[A-Za-z]{2,4}|__[a-z]{2,3}__";
  private static final String TARGET = ">>.+<<";

  /**
   * Returns the request for a translation.
   *
   * @param from the language of the text; empty for models that know one, or need not know
   * @param to the language to translate to; empty for models that know one
   * @param config the settings; a forced first token is added
   * @throws InvalidInputException if the model does not know a language
   */
  public GenerationRequest request(
      String text, Optional<String> from, Optional<String> to, GenerationConfig config) {
    Optional<String> target = to.map(code -> language("to", code));
    if (target.filter(token -> token.startsWith(">>")).isPresent()) {
      from.ifPresent(_ -> refuseFrom());
      return GenerationRequest.ofTexts(target.get() + " " + text).with(config);
    }
    int[] ids = tokenizer.encode(text).ids();
    boolean behind = isBehind(ids);
    if (from.isPresent()) {
      ids = inLanguage(ids, id(language("from", from.get())));
    }
    GenerationRequest request = GenerationRequest.ofIds(ids);
    if (target.isEmpty()) {
      return request.with(config);
    }
    int first = id(target.get());
    Setting role = behind ? Setting.DECODER_START_TOKEN_ID : Setting.FORCED_BOS_TOKEN_ID;
    return request.with(config.with(role, JsonNumber.of(first)));
  }

  private static void refuseFrom() {
    throw new InvalidInputException(
        "translate", "from", "none, since the model knows sources by themselves", "a language");
  }

  /** Returns whether the tokenizer puts the language behind the text (mBART), not before it. */
  private boolean isBehind(int[] ids) {
    return ids.length > 0 && isLanguage(ids[ids.length - 1]);
  }

  private boolean isLanguage(int id) {
    return tokenizer.idToToken(id).filter(token -> token.matches(CODE)).isPresent();
  }

  /** Puts a language's token in the place of the one that is there, or before all. */
  private int[] inLanguage(int[] ids, int language) {
    if (Arrays.stream(ids).noneMatch(this::isLanguage)) {
      return IntStream.concat(IntStream.of(language), Arrays.stream(ids)).toArray();
    }
    return Arrays.stream(ids).map(id -> isLanguage(id) ? language : id).toArray();
  }

  private int id(String token) {
    return tokenizer.tokenToId(token).orElseThrow();
  }

  /** Returns the token of a language. */
  private String language(String argument, String code) {
    for (String token : List.of(code, "__" + code + "__", ">>" + code + "<<")) {
      OptionalInt id = tokenizer.tokenToId(token);
      if (id.isPresent() && token.matches(CODE + "|" + TARGET)) {
        return token;
      }
    }
    List<String> known = languages();
    List<String> fitting = known.stream().filter(token -> token.startsWith(code + "_")).toList();
    if (fitting.size() == 1) {
      return fitting.getFirst();
    }
    throw new InvalidInputException(
        "translate",
        argument,
        fitting.isEmpty()
            ? known.isEmpty()
                ? "none: the tokenizer knows no languages (a model may want them in words before"
                    + " the text, as T5 does: --prefix)"
                : "one of " + String.join(", ", known)
            : "one of " + String.join(", ", fitting),
        code);
  }

  /** Returns the tokens of all languages: added ones, and those of Marian's vocabulary. */
  private List<String> languages() {
    Stream<String> added =
        tokenizer.addedTokens().stream()
            .map(AddedToken::content)
            .filter(token -> token.matches(CODE));
    Stream<String> targets =
        IntStream.range(0, tokenizer.vocabularySize())
            .mapToObj(tokenizer::idToToken)
            .flatMap(Optional::stream)
            .filter(token -> token.matches(TARGET));
    return Stream.concat(added, targets).distinct().sorted().toList();
  }
}
