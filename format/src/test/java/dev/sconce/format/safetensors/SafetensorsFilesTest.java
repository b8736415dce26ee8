package dev.sconce.format.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.format.Resources;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files on disk: mapping, sharding, writing. */
class SafetensorsFilesTest {

  @TempDir private Path folder;
  private Path sample;

  @BeforeEach
  void copySample() {
    sample = Resources.copy("safetensors/all-types.safetensors", folder);
  }

  /** Reads a file and writes it again, tensors in the reverse of their order. */
  static void rewrite(Path from, Path to) throws IOException {
    try (SafetensorsFile source = SafetensorsFile.open(from)) {
      List<TensorInfo> tensors = source.header().tensors();
      List<TensorSpec> specs = tensors.stream().map(TensorSpec::of).toList();
      try (SafetensorsWriter writer = SafetensorsWriter.create(to, specs, source.metadata())) {
        for (TensorInfo tensor : tensors.reversed()) {
          writer.write(tensor.name(), source.data(tensor.name()));
        }
        writer.finish();
      }
    }
  }

  private void writeOne(String file, String tensor, byte... data) throws IOException {
    List<TensorSpec> specs =
        List.of(new TensorSpec(tensor, SafetensorsType.U8, List.of((long) data.length)));
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(folder.resolve(file), specs, new LinkedHashMap<>())) {
      writer.write(tensor, MemorySegment.ofArray(data));
      writer.finish();
    }
  }

  private void index(String json) throws IOException {
    Files.writeString(folder.resolve("model.safetensors.index.json"), json);
  }

  @Test
  void writesByteForByteAsTheReference() throws Exception {
    Path again = folder.resolve("again.safetensors");
    rewrite(sample, again);
    assertThat(again).hasSameBinaryContentAs(sample);
  }

  @Test
  void dataAreViewsThatDieWithTheFile() throws Exception {
    SafetensorsFile file = SafetensorsFile.open(sample);
    MemorySegment data = file.data("scalar");
    assertThat(data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0)).isEqualTo(1f);
    assertThat(data.isReadOnly()).isTrue();
    file.close();
    file.close();
    assertThatThrownBy(() -> data.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void namesTheTensorThatIsNotThere() throws Exception {
    try (SafetensorsFile file = SafetensorsFile.open(sample)) {
      assertThatThrownBy(() -> file.data("nothing"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("nothing");
    }
  }

  @Test
  void writesATensorInPieces() throws Exception {
    Path file = folder.resolve("pieces.safetensors");
    List<TensorSpec> specs =
        List.of(
            new TensorSpec("a", SafetensorsType.U8, List.of(3L)),
            new TensorSpec("b", SafetensorsType.I64, List.of(1L)));
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, specs, new LinkedHashMap<>())) {
      writer.write("a", MemorySegment.ofArray(new byte[] {1, 2}));
      writer.write("b", MemorySegment.ofArray(new long[] {42}));
      writer.write("a", MemorySegment.ofArray(new byte[] {3}));
      assertThat(file).doesNotExist();
      writer.finish();
    }
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.data("a").toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3);
      assertThat(read.data("b").get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(42);
      assertThat(read.header().dataOffset() % 8).isZero();
    }
  }

  @Test
  void refusesTooManyBytesAndTooFew() throws Exception {
    Path file = folder.resolve("refused.safetensors");
    List<TensorSpec> specs = List.of(new TensorSpec("a", SafetensorsType.U8, List.of(2L)));
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, specs, new LinkedHashMap<>())) {
      assertThatThrownBy(() -> writer.write("a", MemorySegment.ofArray(new byte[3])))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> writer.write("b", MemorySegment.ofArray(new byte[0])))
          .isInstanceOf(InvalidInputException.class);
      writer.write("a", MemorySegment.ofArray(new byte[1]));
      assertThatThrownBy(writer::finish)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("1 bytes written");
    }
    assertThat(folder).isDirectoryNotContaining("glob:**refused*");
  }

  @Test
  void refusesNamesThatRepeatAndShapesThatOverflow() {
    TensorSpec a = new TensorSpec("a", SafetensorsType.U8, List.of(2L));
    TensorSpec huge = new TensorSpec("b", SafetensorsType.U8, List.of(1L << 40, 1L << 40));
    TensorSpec negative = new TensorSpec("b", SafetensorsType.U8, List.of(-1L, -8L));
    TensorSpec reserved = new TensorSpec("__metadata__", SafetensorsType.U8, List.of(1L));
    for (TensorSpec bad : List.of(a, huge, negative, reserved)) {
      assertThatThrownBy(
              () ->
                  SafetensorsWriter.create(
                      folder.resolve("x"), List.of(a, bad), new LinkedHashMap<>()))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void opensShardsWhenTheyAreAskedFor() throws Exception {
    writeOne("one.safetensors", "a", (byte) 1);
    index("{\"weight_map\":{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"}}");
    try (SafetensorsCheckpoint checkpoint = SafetensorsCheckpoint.open(folder)) {
      assertThat(checkpoint.names()).containsExactly("a", "b");
      assertThat(checkpoint.data("a").get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 1);
      assertThatThrownBy(() -> checkpoint.data("b")).isInstanceOf(IOException.class);
      writeOne("two.safetensors", "b", (byte) 2);
      assertThat(checkpoint.data("b").get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 2);
      assertThat(checkpoint.info("b").type()).isEqualTo(SafetensorsType.U8);
    }
  }

  @Test
  void closesAllShards() throws Exception {
    writeOne("one.safetensors", "a", (byte) 1);
    index("{\"weight_map\":{\"a\":\"one.safetensors\"}}");
    SafetensorsCheckpoint checkpoint = SafetensorsCheckpoint.open(folder);
    MemorySegment data = checkpoint.data("a");
    checkpoint.close();
    checkpoint.close();
    assertThatThrownBy(() -> data.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> checkpoint.data("a")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aShardMustHoldWhatTheIndexSays() throws Exception {
    writeOne("one.safetensors", "a", (byte) 1);
    index("{\"weight_map\":{\"b\":\"one.safetensors\"}}");
    try (SafetensorsCheckpoint checkpoint = SafetensorsCheckpoint.open(folder)) {
      assertThatThrownBy(() -> checkpoint.data("b"))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("one.safetensors")
          .hasMessageContaining("model.safetensors.index.json");
    }
  }

  @Test
  void aFolderWithOneFileNeedsNoIndex() throws Exception {
    writeOne("model.safetensors", "a", (byte) 7);
    try (SafetensorsCheckpoint checkpoint = SafetensorsCheckpoint.open(folder)) {
      assertThat(checkpoint.data("a").get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
    }
  }

  @Test
  void aFolderWithoutCheckpointIsNamed() {
    assertThatThrownBy(() -> SafetensorsCheckpoint.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(folder.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"weight_map\":{\"a\":1}}",
        "{\"weight_map\":{\"a\":\"\"}}",
        "{\"weight_map\":{\"a\":\"../other.safetensors\"}}",
        "{\"weight_map\":{\"a\":\"x/../../other.safetensors\"}}",
        "{\"weight_map\":{\"a\":\"/etc/passwd\"}}",
        "{\"weight_map\":{\"a\":\"nul\\u0000byte\"}}",
      })
  void rejectsIndexesThatLeadElsewhere(String json) throws Exception {
    index(json);
    assertThatThrownBy(() -> SafetensorsCheckpoint.open(folder))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("index.json");
  }
}
