package dev.sconce.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.SconceException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Corrupt and contradictory files give an error with the path of the trouble. */
class TokenizerJsonTest {

  private static final String BPE =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": null, "pre_tokenizer": null, "post_processor": null, "decoder": null,
       "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]]}}
      """;

  private static Tokenizer read(String json) {
    return Tokenizer.read("tokenizer.json", json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsAMinimalFile() {
    assertThat(read(BPE).encode("abba").ids()).containsExactly(2, 1, 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[[\"a\", \"b\"]] | [[\"a\", \"c\"]] | model.merges[0]",
        "[[\"a\", \"b\"]] | [\"a b c\"] | model.merges[0]",
        "[[\"a\", \"b\"]] | [[\"b\", \"a\"]] | model.merges[0]",
        "\"ab\": 2 | \"ab\": 1 | model.vocab[\"ab\"]",
        "\"ab\": 2 | \"ab\": -2 | model.vocab[\"ab\"]",
        "\"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2}, | `` | model.vocab",
        ", \"merges\": [[\"a\", \"b\"]] | `` | model.merges",
        "\"type\": \"BPE\" | \"type\": \"XYZ\" | model.type",
        "\"type\": \"BPE\" | \"type\": \"BPE\", \"dropout\": 7 | model.dropout",
        "\"type\": \"BPE\" | \"type\": \"BPE\", \"magic\": 7 | model.magic",
        "\"normalizer\": null | \"normalizer\": {\"type\": \"Magic\"} | normalizer.type",
        "\"normalizer\": null | \"normalizer\": {\"type\": \"NFC\", \"x\": 1} | normalizer.x",
        "\"normalizer\": null | \"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"%%\"} | normalizer.precompiled_charsmap",
        "\"normalizer\": null | \"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"AAAA\"} | normalizer.precompiled_charsmap",
        "\"pre_tokenizer\": null | \"pre_tokenizer\": {\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Split\", \"pattern\": {\"Regex\": \"(\"}, \"behavior\": \"Removed\", \"invert\": false}]} | pre_tokenizer.pretokenizers[0].pattern.Regex",
        "\"pre_tokenizer\": null | \"pre_tokenizer\": {\"type\": \"FixedLength\", \"length\": 0} | pre_tokenizer.length",
        "\"post_processor\": null | \"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\": {\"id\": \"x\", \"type_id\": 0}}], \"pair\": [], \"special_tokens\": {}} | post_processor.single[0].SpecialToken.id",
        "\"decoder\": null | \"decoder\": {\"type\": \"Strip\", \"content\": \"ab\", \"start\": 0, \"stop\": 0} | decoder.content",
        "\"version\": \"1.0\" | \"version\": \"2.0\" | version",
        "\"padding\": null | \"upside\": null | upside",
      })
  void namesThePathOfTheTrouble(String from, String to, String path) {
    String broken = BPE.replace(from.strip(), to.strip());
    assertThat(broken).isNotEqualTo(BPE);
    assertThatThrownBy(() -> read(broken))
        .isInstanceOfSatisfying(
            MalformedFileException.class, e -> assertThat(e.path()).isEqualTo(path.strip()));
  }

  @Test
  void addedTokensWithOneIdAreAContradiction() {
    String token =
        "{\"id\": 9, \"content\": \"%s\", \"single_word\": false, \"lstrip\": false, \"rstrip\": false,"
            + " \"normalized\": false, \"special\": true}";
    String two = token.formatted("x") + "," + token.formatted("y");
    assertThatThrownBy(
            () -> read(BPE.replace("\"added_tokens\": []", "\"added_tokens\": [" + two + "]")))
        .isInstanceOfSatisfying(
            MalformedFileException.class,
            e -> assertThat(e.path()).isEqualTo("added_tokens[1].id"));
  }

  @Test
  void deeplyNestedSequencesAreAnError() {
    String deep = "{\"type\": \"Sequence\", \"normalizers\": [".repeat(5_000) + "]}".repeat(5_000);
    assertThatThrownBy(() -> read(BPE.replace("\"normalizer\": null", "\"normalizer\": " + deep)))
        .isInstanceOf(MalformedFileException.class);
  }

  @Test
  void mutatedFilesNeverThrowAnythingElse() throws IOException, URISyntaxException {
    for (String name :
        new String[] {
          "bert_uncased/tokenizer.json",
          "llama3/tokenizer.json",
          "unigram_bytes/tokenizer.json",
          "spm_unigram_identity/tokenizer.model",
          "tiktoken_cl100k/tokenizer.model"
        }) {
      Path file = TokenizerVectorsTest.root().resolve(name);
      byte[] original = Files.readAllBytes(file);
      for (int seed = 0; seed < 150; seed++) {
        Random random = new Random(seed);
        byte[] mutated = original.clone();
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
          // Most trouble is in the components at the beginning of the file.
          int at =
              random.nextInt(
                  random.nextBoolean() ? Math.min(2_000, mutated.length) : mutated.length);
          mutated[at] =
              (byte)
                  (random.nextBoolean()
                      ? random.nextInt(256)
                      : mutated[random.nextInt(mutated.length)]);
        }
        try {
          Tokenizer tokenizer = Tokenizer.read(name, mutated);
          tokenizer.decode(tokenizer.encode("Hello wörld 😀 [MASK] 123").ids(), false);
        } catch (SconceException _) {
          // what is asked for
        } catch (RuntimeException e) {
          throw new AssertionError(name + " seed " + seed, e);
        }
      }
    }
  }
}
