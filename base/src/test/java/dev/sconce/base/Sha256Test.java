package dev.sconce.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class Sha256Test {

  // FIPS 180-4, examples; and of no bytes.
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String NOTHING =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @Test
  void isThatOfTheStandard() {
    assertThat(Sha256.of("abc".getBytes(StandardCharsets.US_ASCII))).isEqualTo(ABC);
    assertThat(Sha256.of(new byte[0])).isEqualTo(NOTHING);
  }

  @Test
  void takesPartsInOrderAndBeginsAnew() {
    Sha256 hash = new Sha256();
    hash.add(ByteBuffer.wrap(new byte[] {'a', 'b'})).add(MemorySegment.ofArray(new byte[] {'c'}));
    assertThat(hash.toHex()).isEqualTo(ABC);
    assertThat(hash.toHex()).isEqualTo(NOTHING);
  }

  @Test
  void memoryOfSeveralPiecesIsWhole() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate((1 << 24) + 3);
      memory.fill((byte) 'a');
      assertThat(Sha256.of(memory))
          .isEqualTo(Sha256.of(memory.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)));
      Sha256 hash = new Sha256();
      hash.add(memory.asSlice(0, 1 << 24)).add(memory.asSlice(1 << 24));
      assertThat(hash.toHex()).isEqualTo(Sha256.of(memory));
    }
  }
}
