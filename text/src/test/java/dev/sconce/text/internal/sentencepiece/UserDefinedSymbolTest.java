package dev.sconce.text.internal.sentencepiece;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.text.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class UserDefinedSymbolTest {

  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int USER_DEFINED = 4;

  private final ByteArrayOutputStream model = new ByteArrayOutputStream();

  private void message(int field, byte[] content) {
    model.write(field << 3 | 2);
    model.write(content.length);
    model.writeBytes(content);
  }

  /** ModelProto.pieces: text, score, type. */
  private void piece(String text, float score, int type) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(9 + utf8.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) (1 << 3 | 2)).put((byte) utf8.length).put(utf8);
    out.put((byte) (2 << 3 | 5)).putFloat(score);
    out.put((byte) (3 << 3)).put((byte) type);
    message(1, out.array());
  }

  // SentencePiece takes the score of a user-defined symbol from the best score, but at least 0:
  // with scores far below 0 the symbol wins against a path that is better by the scores alone.
  @Test
  void wins() {
    piece("<unk>", 0, UNKNOWN);
    piece("ab", 0, USER_DEFINED);
    piece("a", -3, NORMAL);
    piece("b", -4, NORMAL);
    piece("c", -8, NORMAL);
    piece("bc", -8.5f, NORMAL);
    message(2, new byte[] {3 << 3, 1}); // TrainerSpec.model_type: unigram
    message(3, new byte[] {3 << 3, 0}); // NormalizerSpec.add_dummy_prefix: false
    Tokenizer tokenizer = Tokenizer.read("tokenizer.model", model.toByteArray());
    assertThat(tokenizer.encode("abc", false).tokens()).containsExactly("ab", "c");
  }
}
