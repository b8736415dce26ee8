package dev.sconce.base.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.MalformedFileException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFileTest {

  @TempDir private Path folder;

  @Test
  void showsTheBytesOfTheFile() throws IOException {
    Path path = Files.write(folder.resolve("a.bin"), new byte[] {1, 2, 3});
    try (MappedFile file = MappedFile.open(path)) {
      assertThat(file.path()).isEqualTo(path);
      assertThat(file.memory().toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3);
      assertThatThrownBy(() -> file.reader().i32(0, FieldPath.root()))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("a.bin");
    }
  }

  @Test
  void emptyFilesAreMappedToo() throws IOException {
    try (MappedFile file = MappedFile.open(Files.createFile(folder.resolve("empty")))) {
      assertThat(file.memory().byteSize()).isZero();
    }
  }

  @Test
  void mapsFilesLargerThanAnArray() throws IOException {
    Path path = folder.resolve("sparse");
    long size = 5L << 30;
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.setLength(size);
      sparse.seek(size - 1);
      sparse.write(42);
    }
    try (MappedFile file = MappedFile.open(path)) {
      assertThat(file.reader().u8(size - 1, FieldPath.root())).isEqualTo(42);
    }
  }

  @Test
  void useAfterCloseThrowsAndClosingTwiceDoesNot() throws IOException {
    MappedFile file = MappedFile.open(Files.write(folder.resolve("a.bin"), new byte[8]));
    MemorySegment memory = file.memory();
    MemoryReader reader = file.reader();
    MemoryReader part = reader.slice(0, 4, FieldPath.root());
    file.close();
    file.close();
    assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> reader.i64(0, FieldPath.root()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> part.u8(0, FieldPath.root()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void threadsMayReadAndCloseAtTheSameTime() throws Exception {
    Path path = Files.write(folder.resolve("a.bin"), new byte[1 << 12]);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int round = 0; round < 50; round++) {
        MappedFile file = MappedFile.open(path);
        CountDownLatch started = new CountDownLatch(2);
        Runnable read =
            () -> {
              started.countDown();
              while (true) {
                assertThat(file.reader().u8(17, FieldPath.root())).isZero();
              }
            };
        Future<?> first = threads.submit(read);
        Future<?> second = threads.submit(read);
        started.await();
        Future<?> close = threads.submit(file::close);
        file.close();
        close.get();
        assertThatThrownBy(first::get).hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(second::get).hasCauseInstanceOf(IllegalStateException.class);
      }
    }
  }

  @Test
  void whatIsNoFileIsAnIoException() {
    assertThatThrownBy(() -> MappedFile.open(folder.resolve("missing")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> MappedFile.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is a folder");
  }
}
