package dev.sconce.text.internal.llama2c;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.SconceException;
import dev.sconce.text.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Llama2cFileTest {

  private static final int FIRST_BYTE = 3;

  private record File(List<String> tokens, List<Float> scores) {

    static File random(Random random) {
      List<String> tokens = new ArrayList<>(List.of("<unk>", "\n<s>\n", "\n</s>\n"));
      for (int b = 0; b < 256; b++) {
        tokens.add("<0x%02X>".formatted(b));
      }
      tokens.addAll(List.of(" ", "a", "b", "c", "é", "世"));
      while (tokens.size() < 300) {
        String token = text(random, 2 + random.nextInt(3));
        if (!tokens.contains(token)) {
          tokens.add(token);
        }
      }
      List<Float> scores = new ArrayList<>();
      for (int i = 0; i < tokens.size(); i++) {
        scores.add((float) -random.nextInt(20));
      }
      return new File(tokens, scores);
    }

    byte[] bytes(boolean longHeader) {
      ByteBuffer out = ByteBuffer.allocate(100_000).order(ByteOrder.LITTLE_ENDIAN);
      if (longHeader) {
        out.putInt(tokens.size()).putInt(1).putInt(2);
      }
      out.putInt(16);
      for (int i = 0; i < tokens.size(); i++) {
        byte[] token = tokens.get(i).getBytes(StandardCharsets.UTF_8);
        out.putFloat(scores.get(i)).putInt(token.length).put(token);
      }
      byte[] bytes = new byte[out.position()];
      out.flip().get(bytes);
      return bytes;
    }

    /** As llama2.c does it: again and again the best of all neighbours, the leftmost of equals. */
    List<Integer> encode(String text) {
      List<Integer> ids = new ArrayList<>();
      (" " + text)
          .codePoints()
          .mapToObj(Character::toString)
          .forEach(
              c -> {
                int id = tokens.indexOf(c);
                if (id >= 0) {
                  ids.add(id);
                  return;
                }
                for (byte b : c.getBytes(StandardCharsets.UTF_8)) {
                  ids.add(FIRST_BYTE + (b & 0xFF));
                }
              });
      while (true) {
        int best = -1;
        float score = Float.NEGATIVE_INFINITY;
        for (int i = 0; i + 1 < ids.size(); i++) {
          int merged = tokens.indexOf(tokens.get(ids.get(i)) + tokens.get(ids.get(i + 1)));
          if (merged >= 0 && scores.get(merged) > score) {
            score = scores.get(merged);
            best = i;
          }
        }
        if (best < 0) {
          return ids;
        }
        ids.set(best, tokens.indexOf(tokens.get(ids.get(best)) + tokens.get(ids.get(best + 1))));
        ids.subList(best + 1, best + 2).clear();
      }
    }
  }

  private static String text(Random random, int length) {
    String letters = "aaabbc é世";
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void mergesAsTheOriginalDoes(boolean longHeader) {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      File file = File.random(random);
      Tokenizer tokenizer = Tokenizer.read("tokenizer.bin", file.bytes(longHeader));
      String text = text(random, 1 + random.nextInt(30)) + (seed % 3 == 0 ? "z😀" : "");
      int[] ids = tokenizer.encode(text, false).ids();
      assertThat(ids)
          .as("seed %d: '%s'", seed, text)
          .containsExactly(file.encode(text).stream().mapToInt(Integer::intValue).toArray());
      assertThat(tokenizer.decode(ids, false)).as("seed %d", seed).isEqualTo(text);
    }
  }

  @Test
  void namesTheSpecialTokensOfTheLongHeader() {
    Tokenizer tokenizer = Tokenizer.read("tokenizer.bin", File.random(new Random(1)).bytes(true));
    assertThat(tokenizer.vocabularySize()).isEqualTo(300);
    assertThat(tokenizer.idToToken(1)).contains("\n<s>\n");
  }

  @Test
  void rejectsAScoreThatIsNoNumber() {
    File file = File.random(new Random(2));
    file.scores().set(7, Float.NaN);
    assertThatThrownBy(() -> Tokenizer.read("tokenizer.bin", file.bytes(true)))
        .isInstanceOfSatisfying(
            MalformedFileException.class, e -> assertThat(e.path()).isEqualTo("token 7"));
  }

  @Test
  void cutFilesAreErrors() {
    byte[] bytes = File.random(new Random(3)).bytes(true);
    for (int seed = 0; seed < 200; seed++) {
      int length = new Random(seed).nextInt(bytes.length);
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> Tokenizer.read("tokenizer.bin", cut))
          .as("%d bytes", length)
          .isInstanceOf(SconceException.class);
    }
  }
}
