package dev.sconce.runtime.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlabArenaTest {

  @Test
  void piecesAreAlignedZerosThatDoNotOverlap() {
    Random random = new Random(7);
    MemorySegment anything = Arena.ofAuto().allocate(200_000).fill((byte) 7);
    try (SlabArena arena = new SlabArena(anything)) {
      List<MemorySegment> pieces = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        // Some larger than any slab so far, most much smaller.
        int size = random.nextInt(random.nextInt(20) == 0 ? 300_000 : 3000);
        long alignment = 1L << random.nextInt(8);
        MemorySegment piece = arena.allocate(size, alignment);
        assertThat(piece.byteSize()).isEqualTo(size);
        assertThat(size == 0 ? 0 : piece.address() % alignment).as("piece %d", i).isZero();
        for (long at = 0; at < size; at++) {
          if (piece.get(ValueLayout.JAVA_BYTE, at) != 0) {
            throw new AssertionError("piece %d, byte %d is not zero".formatted(i, at));
          }
        }
        piece.fill((byte) -1);
        pieces.add(piece);
      }
      // Written one after the other, each with its number: nobody wrote over another's.
      for (int i = 0; i < pieces.size(); i++) {
        pieces.get(i).fill((byte) i);
      }
      for (int i = 0; i < pieces.size(); i++) {
        byte[] bytes = pieces.get(i).toArray(ValueLayout.JAVA_BYTE);
        byte number = (byte) i;
        for (byte found : bytes) {
          if (found != number) {
            throw new AssertionError("piece %d holds %d".formatted(i, found));
          }
        }
      }
    }
  }

  @Test
  void closingEndsAllPieces() {
    SlabArena arena = new SlabArena(MemorySegment.NULL);
    MemorySegment small = arena.allocate(8, 8);
    MemorySegment large = arena.allocate(40 << 20, 64);
    arena.close();
    assertThat(arena.scope().isAlive()).isFalse();
    for (MemorySegment piece : List.of(small, large)) {
      assertThatThrownBy(() -> piece.get(ValueLayout.JAVA_BYTE, 0))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
