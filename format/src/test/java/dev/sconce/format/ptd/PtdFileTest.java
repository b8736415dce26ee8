package dev.sconce.format.ptd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.DType;
import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Blob;
import dev.sconce.format.Fixtures;
import dev.sconce.format.Ints;
import dev.sconce.format.Resources;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PtdFileTest {

  @TempDir private Path folder;

  private static PtdFile of(byte... bytes) {
    return PtdFile.of(MemoryReader.of("sample.ptd", MemorySegment.ofArray(bytes)));
  }

  private byte[] written(PtdData data) throws IOException {
    Path file = folder.resolve("written.ptd");
    PtdFile.write(file, data);
    return Files.readAllBytes(file);
  }

  private void roundTrips(Path path) throws IOException {
    try (PtdFile file = PtdFile.open(path)) {
      byte[] first = written(file.data());
      PtdData again = of(first).data();
      assertThat(again).as(path.toString()).isEqualTo(file.data());
      assertThat(written(again)).as(path.toString()).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tensors.ptd", "delegate.ptd"})
  void whatIsWrittenSaysTheSameAndIsStable(String name) throws IOException {
    roundTrips(Resources.copy("ptd/" + name, folder));
  }

  @Test
  void everyFixtureRoundTrips() throws IOException {
    List<Path> files = Fixtures.files(".ptd");
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      roundTrips(file);
    }
  }

  @Test
  void findsTensorsByName() {
    PtdFile file = of(Resources.bytes("ptd/tensors.ptd"));
    assertThat(file.data().entries())
        .extracting(PtdEntry::key)
        .containsExactlyInAnyOrder("shift", "w", "table");
    TensorLayout table = file.entry("table").orElseThrow().layout();
    assertThat(table).isEqualTo(new TensorLayout(DType.FLOAT32, Ints.of(7, 4), Ints.of(0, 1)));
    assertThat(file.find("table").orElseThrow().byteSize()).isEqualTo(7 * 4 * 4);
    assertThat(file.find("nothing")).isEmpty();
  }

  @Test
  void backendDataHaveNoLayout() {
    PtdFile file = of(Resources.bytes("ptd/delegate.ptd"));
    assertThat(file.data().entries()).hasSize(4).allMatch(entry -> entry.layout() == null);
  }

  @Test
  void segmentsAreAligned() throws IOException {
    PtdData data =
        new PtdData(
            List.of(Blob.of((byte) 1), Blob.of(new byte[200]), Blob.of((byte) 3)),
            List.of(new PtdEntry("a", 2, null), new PtdEntry("b", 2, null)));
    byte[] bytes = written(data);
    assertThat(bytes.length % 128).isEqualTo(1);
    assertThat(of(bytes).data()).isEqualTo(data);
    assertThat(of(written(new PtdData(List.of(), List.of()))).data().segments()).isEmpty();
  }

  @Test
  void refusesToWriteWhatItWouldNotRead() {
    List<Blob> segments = List.of(Blob.of((byte) 1));
    PtdEntry a = new PtdEntry("a", 0, null);
    for (PtdEntry bad : List.of(a, new PtdEntry("b", 1, null), new PtdEntry("b", -1, null))) {
      assertThatThrownBy(() -> written(new PtdData(segments, List.of(a, bad))))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void rejectsLayoutsThatSegmentsAreTooSmallFor() throws IOException {
    for (Ints sizes : List.of(Ints.of(2), Ints.of(-1), Ints.of(1 << 30, 1 << 30, 1 << 30))) {
      int[] order = new int[sizes.size()];
      for (int i = 0; i < order.length; i++) {
        order[i] = i;
      }
      TensorLayout layout = new TensorLayout(DType.INT32, sizes, Ints.of(order));
      byte[] bytes =
          written(
              new PtdData(List.of(Blob.of(new byte[4])), List.of(new PtdEntry("a", 0, layout))));
      assertThatThrownBy(() -> of(bytes))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("named_data[0].tensor_layout.sizes");
    }
  }

  @Test
  void rejectsDimOrdersThatAreNoPermutation() throws IOException {
    TensorLayout layout = new TensorLayout(DType.INT8, Ints.of(2, 2), Ints.of(1, 1));
    byte[] bytes =
        written(new PtdData(List.of(Blob.of(new byte[4])), List.of(new PtdEntry("a", 0, layout))));
    assertThatThrownBy(() -> of(bytes)).hasMessageContaining("dim_order");
  }

  @Test
  void rejectsSegmentsOutsideTheFile() {
    byte[] bytes = Resources.bytes("ptd/tensors.ptd");
    byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);
    assertThatThrownBy(() -> of(cut))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("segment_data_size");
    bytes[32] = 0;
    bytes[33] = 0;
    assertThatThrownBy(() -> of(bytes)).hasMessageContaining("segment_base_offset");
  }
}
