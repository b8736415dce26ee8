package dev.sconce.generate.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a request for a translation is, for each way in which models are told languages. */
final class TranslationTest {

  private static final int SOURCE_WORD = 1;
  private static final int END = 2;

  /** A tokenizer of words, with languages of the form given, and tokens around a text. */
  private static Translation translation(String english, String german, String... around) {
    StringBuilder pieces = new StringBuilder();
    for (String piece : around) {
      pieces.append(pieces.isEmpty() ? "" : ",");
      pieces.append(
          piece.equals("$A")
              ? "{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}"
              : "{\"SpecialToken\": {\"id\": \"" + piece + "\", \"type_id\": 0}}");
    }
    String json =
        """
        {"version": "1.0", "truncation": null, "padding": null, "normalizer": null,
         "added_tokens": [%s, %s, %s],
         "pre_tokenizer": {"type": "Whitespace"},
         "post_processor": {"type": "TemplateProcessing", "single": [%s], "pair": [%s],
          "special_tokens": {%s, %s}},
         "decoder": null,
         "model": {"type": "WordLevel", "unk_token": "<unk>",
          "vocab": {"<unk>": 0, "torch": 1, "</s>": 2, "%s": 3, "%s": 4}}}"""
            .formatted(
                added(END, "</s>"),
                added(3, english),
                added(4, german),
                pieces,
                pieces,
                special(END, "</s>"),
                special(3, english),
                english,
                german);
    return new Translation(Tokenizer.read("test", json.getBytes(StandardCharsets.UTF_8)));
  }

  private static String added(int id, String content) {
    return """
        {"id": %d, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false,
         "normalized": false, "special": true}"""
        .formatted(id, content);
  }

  private static String special(int id, String content) {
    return "\"%s\": {\"id\": \"%s\", \"ids\": [%d], \"tokens\": [\"%s\"]}"
        .formatted(content, content, id, content);
  }

  private static GenerationRequest request(Translation translation, String from, String to) {
    return translation.request(
        "torch", Optional.ofNullable(from), Optional.ofNullable(to), GenerationConfig.defaults());
  }

  @Test
  void languageBeforeTheTextForcesTheFirstToken() {
    Translation nllb = translation("eng_Latn", "deu_Latn", "eng_Latn", "$A", "</s>");

    GenerationRequest request = request(nllb, "deu_Latn", "eng_Latn");

    assertThat(request.ids().getFirst()).containsExactly(4, SOURCE_WORD, END);
    assertThat(request.config().orElseThrow().tokens(Setting.FORCED_BOS_TOKEN_ID))
        .containsExactly(3);
    assertThat(request.config().orElseThrow().isSet(Setting.DECODER_START_TOKEN_ID)).isFalse();
  }

  @Test
  void languageBehindTheTextIsWhatTheDecoderStartsWith() {
    Translation mbart = translation("en_XX", "de_DE", "$A", "</s>", "en_XX");

    GenerationRequest request = request(mbart, null, "de");

    assertThat(request.ids().getFirst()).containsExactly(SOURCE_WORD, END, 3);
    assertThat(request.config().orElseThrow().tokens(Setting.DECODER_START_TOKEN_ID))
        .containsExactly(4);
    assertThat(request.config().orElseThrow().isSet(Setting.FORCED_BOS_TOKEN_ID)).isFalse();
    assertThat(request.decoderIds()).isEmpty();
  }

  @Test
  void targetOfMarianGoesBeforeTheText() {
    Translation marian = translation(">>eng<<", ">>deu<<", "$A", "</s>");

    assertThat(request(marian, null, "deu").texts()).containsExactly(">>deu<< torch");
    assertThatThrownBy(() -> request(marian, "eng", "deu"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("from");
  }

  @Test
  void refusesLanguagesThatTheModelDoesNotKnow() {
    Translation m2m = translation("__en__", "__de__", "__en__", "$A", "</s>");

    assertThat(request(m2m, "en", "de").config().orElseThrow().tokens(Setting.FORCED_BOS_TOKEN_ID))
        .containsExactly(4);
    assertThatThrownBy(() -> request(m2m, "en", "fr"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("__de__");
  }
}
