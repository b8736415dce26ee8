package dev.sconce.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for every text. */
class TokenizerPropertiesTest {

  private static Tokenizer llama3;
  private static Tokenizer bert;

  @BeforeAll
  static void load() throws IOException, URISyntaxException {
    Path root = TokenizerVectorsTest.root();
    llama3 = Tokenizer.load(root.resolve("llama3").resolve("tokenizer.json"));
    bert = Tokenizer.load(root.resolve("bert_uncased").resolve("tokenizer.json"));
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(40); n > 0; n--) {
      int c = random.nextInt(4) == 0 ? random.nextInt(0x110000) : 0x20 + random.nextInt(0x500);
      text.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? ' ' : c);
    }
    return text.toString();
  }

  @Test
  void byteLevelTokensDecodeToTheirText() {
    for (int seed = 0; seed < 2_000; seed++) {
      String text = text(new Random(seed));
      int[] ids = llama3.encode(text, false).ids();
      assertThat(llama3.decode(ids, false)).as("seed %d", seed).isEqualTo(text);
    }
  }

  @Test
  void everyAssignedCodePointSurvivesAndKeepsItsPlace() {
    for (int c = 0; c < 0x110000; c++) {
      if ((c >= 0xD800 && c <= 0xDFFF)
          || !Character.isDefined(c)
          || (c > 0xE000 && c < 0xF8FF)
          || c > 0xF0000) {
        continue;
      }
      String text = "x" + Character.toString(c) + "y";
      Encoding encoding = llama3.encode(text, false);
      assertThat(llama3.decode(encoding.ids(), false)).isEqualTo(text);
      assertThat(encoding.end(encoding.size() - 1)).isEqualTo(text.length());
    }
  }

  @Test
  void aStreamGivesWhatABatchGives() {
    for (int seed = 0; seed < 500; seed++) {
      int[] ids = llama3.encode(text(new Random(seed)), true).ids();
      DecodeStream stream = llama3.decodeStream(true);
      StringBuilder all = new StringBuilder();
      for (int id : ids) {
        all.append(stream.step(id));
      }
      all.append(stream.flush());
      assertThat(all.toString()).as("seed %d", seed).isEqualTo(llama3.decode(ids, true));
    }
  }

  @Test
  void splittingAtAddedTokensChangesNothing() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      String a = text(random);
      String b = text(random);
      List<Integer> parts = new ArrayList<>();
      for (String part : List.of(a, "<|eot_id|>", b)) {
        Arrays.stream(llama3.encode(part, false).ids()).forEach(parts::add);
      }
      assertThat(llama3.encode(a + "<|eot_id|>" + b, false).ids())
          .as("seed %d", seed)
          .containsExactly(parts.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  @Test
  void threadsGetTheSameTokens() {
    List<String> texts = IntStream.range(0, 400).mapToObj(i -> text(new Random(i))).toList();
    List<int[]> alone = texts.stream().map(t -> llama3.encode(t).ids()).toList();
    List<int[]> together = texts.parallelStream().map(t -> llama3.encode(t).ids()).toList();
    for (int i = 0; i < texts.size(); i++) {
      assertThat(together.get(i)).as("text %d", i).isEqualTo(alone.get(i));
    }
  }

  @Test
  void countsWhatItEncodes() {
    for (int seed = 0; seed < 200; seed++) {
      String text = text(new Random(seed));
      assertThat(bert.countTokens(text)).isEqualTo(bert.encode(text, false).size());
    }
  }

  @Test
  void unpairedSurrogatesAreReplacementCharacters() {
    String broken = "a\uD800b\uDC00\uD83D\uDE00\uDBFF";
    String fixed = "a\uFFFDb\uFFFD\uD83D\uDE00\uFFFD";
    assertThat(llama3.encode(broken).ids()).isEqualTo(llama3.encode(fixed).ids());
    assertThat(llama3.encode(broken).end(llama3.encode(broken).size() - 1)).isEqualTo(7);
  }

  @Test
  void unknownIdsArePassedOver() {
    assertThat(llama3.decode(new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE}, false))
        .isEmpty();
    assertThat(llama3.idToToken(-5)).isEmpty();
    assertThat(llama3.tokenToId("no such token")).isEmpty();
  }

  @Test
  void truncationThatLeavesNothingIsAnError() {
    assertThatThrownBy(() -> bert.withTruncation(Truncation.to(1)))
        .isInstanceOf(InvalidInputException.class);
  }
}
