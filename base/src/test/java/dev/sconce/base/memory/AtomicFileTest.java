package dev.sconce.base.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir private Path folder;

  @Test
  void replacesTheTargetOnlyAtCommit() throws Exception {
    Path target = Files.writeString(folder.resolve("file"), "old");
    try (AtomicFile file = AtomicFile.create(target)) {
      file.write(2, MemorySegment.ofArray(new byte[] {'w', '!'}));
      file.write(0, MemorySegment.ofArray(new byte[] {'n', 'e'}));
      assertThat(target).hasContent("old");
      file.commit();
    }
    assertThat(target).hasContent("new!");
    assertThat(folder.toFile().list()).containsExactly("file");
  }

  @Test
  void leavesNothingWithoutCommit() throws Exception {
    Path target = folder.resolve("file");
    try (AtomicFile file = AtomicFile.create(target)) {
      file.write(0, MemorySegment.ofArray(new byte[10]));
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void writesAnyKindOfMemoryInPieces() throws Exception {
    Path target = folder.resolve("file");
    long size = (8L << 20) + 3;
    try (AtomicFile file = AtomicFile.create(target);
        Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(size);
      memory.set(ValueLayout.JAVA_BYTE, size - 1, (byte) 9);
      file.write(0, memory);
      file.write(size, MemorySegment.ofArray(new long[] {-1}));
      file.commit();
    }
    byte[] written = Files.readAllBytes(target);
    assertThat(written).hasSize((int) size + 8);
    assertThat(written[(int) size - 1]).isEqualTo((byte) 9);
    assertThat(written[(int) size]).isEqualTo((byte) -1);
  }
}
