package dev.sconce.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GenerationConfigTest {

  private static GenerationConfig of(String json) {
    return GenerationConfig.of((JsonObject) Json.parse("generation_config.json", json));
  }

  @Test
  void readsPublishedFiles() {
    GenerationConfig config =
        of(
            "{\"bos_token_id\": 1, \"eos_token_id\": [2, 3], \"do_sample\": true, \"temperature\": 0.6,"
                + " \"top_p\": 0.9, \"transformers_version\": \"4.40\", \"max_length\": null}");

    assertThat(config.endTokens()).containsExactly(2, 3);
    assertThat(config.sampling()).isTrue();
    assertThat(config.maxLength(5, 100)).isEqualTo(100);
    assertThat(config.withMaxNewTokens(7).maxLength(5, 100)).isEqualTo(12);
    assertThat(config.withTemperature(0).sampling()).isFalse();
    assertThat(GenerationConfig.of(config.toJson())).isEqualTo(config);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"temprature\": 1}",
        "{\"temperature\": -1}",
        "{\"top_p\": 1.5}",
        "{\"top_k\": 1.5}",
        "{\"num_beams\": 0}",
        "{\"num_beam_groups\": 2}",
        "{\"guidance_scale\": 1.5}",
        "{\"early_stopping\": \"maybe\", \"num_beams\": 2}",
        "{\"num_return_sequences\": 2}",
        "{\"num_return_sequences\": 3, \"num_beams\": 2}",
        "{\"min_new_tokens\": 5, \"max_new_tokens\": 4}",
        "{\"bad_words_ids\": [[]]}",
        "{\"sequence_bias\": [[[1], \"a\"]]}",
        "{\"eos_token_id\": -1}",
        "{\"exponential_decay_length_penalty\": [1]}",
        "{\"stop_strings\": \"\"}",
        "{\"forced_bos_token_id\": 1, \"suppress_tokens\": [2, 1]}",
        "{\"forced_eos_token_id\": [1, 3], \"suppress_tokens\": [3, 2, 1]}",
        "{\"pad_token_id\": [1, 2]}",
      })
  void rejectsWhatItCannotHonour(String json) {
    assertThatThrownBy(() -> of(json)).isInstanceOf(InvalidInputException.class);
  }

  @Test
  void readsListsAndSingles() {
    GenerationConfig config =
        of("{\"stop_strings\": [\"a\", \"b\"], \"eos_token_id\": 4, \"bad_words_ids\": [[1, 2]]}");

    assertThat(config.stopStrings()).containsExactly("a", "b");
    assertThat(config.endTokens()).containsExactly(4);
    assertThat(config.badWords()).containsExactly(List.of(1, 2));
  }
}
