package dev.sconce.format.bpte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.DType;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Blob;
import dev.sconce.format.Fixtures;
import dev.sconce.format.Ints;
import dev.sconce.format.Resources;
import dev.sconce.format.bpte.BundledProgram.Case;
import dev.sconce.format.bpte.BundledProgram.Suite;
import dev.sconce.format.bpte.BundledValue.BoolValue;
import dev.sconce.format.bpte.BundledValue.DoubleValue;
import dev.sconce.format.bpte.BundledValue.IntValue;
import dev.sconce.format.bpte.BundledValue.TensorValue;
import dev.sconce.format.pte.PteFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledProgramFileTest {

  @TempDir private Path folder;

  private static BundledProgramFile of(byte... bytes) {
    return BundledProgramFile.of(MemoryReader.of("sample.bpte", MemorySegment.ofArray(bytes)));
  }

  private byte[] written(BundledProgram bundle) throws IOException {
    Path file = folder.resolve("written.bpte");
    BundledProgramFile.write(file, bundle);
    return Files.readAllBytes(file);
  }

  private void roundTrips(Path path) throws IOException {
    try (BundledProgramFile file = BundledProgramFile.open(path)) {
      byte[] first = written(file.bundle());
      BundledProgram again = of(first).bundle();
      assertThat(again).as(path.toString()).isEqualTo(file.bundle());
      assertThat(written(again)).as(path.toString()).isEqualTo(first);
    }
  }

  private static BundledProgram bundle(BundledValue value) {
    Case testCase = new Case(List.of(value), List.of());
    return new BundledProgram(
        0, List.of(new Suite("forward", List.of(testCase))), Blob.of((byte) 1));
  }

  @Test
  void whatIsWrittenSaysTheSameAndIsStable() throws IOException {
    roundTrips(Resources.copy("bpte/two-cases.bpte", folder));
  }

  @Test
  void everyFixtureRoundTrips() throws IOException {
    List<Path> files = Fixtures.files(".bpte");
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      roundTrips(file);
    }
  }

  @Test
  void theProgramInsideOpens() {
    BundledProgramFile file = of(Resources.bytes("bpte/two-cases.bpte"));
    assertThat(file.bundle().suites()).hasSize(1);
    assertThat(file.bundle().suites().getFirst().cases()).hasSize(2);
    try (PteFile program = PteFile.of(file.program())) {
      assertThat(program.program().plans()).isNotEmpty();
    }
  }

  @Test
  void theProgramIsAligned() throws IOException {
    byte[] program = new byte[100];
    program[0] = 'P';
    BundledProgram bundle = new BundledProgram(0, List.of(), Blob.of(program));
    byte[] bytes = written(bundle);
    assertThat((bytes.length - 100) % 32).isZero();
    assertThat(bytes[bytes.length - 100]).isEqualTo((byte) 'P');
  }

  @Test
  void everyKindOfValueRoundTrips() throws IOException {
    for (BundledValue value :
        List.of(
            new IntValue(Long.MIN_VALUE),
            new IntValue(0),
            new BoolValue(true),
            new BoolValue(false),
            new DoubleValue(-0.0),
            new DoubleValue(Double.NaN),
            new TensorValue(DType.FLOAT32, Ints.of(), Ints.of(), Blob.of(new byte[4])),
            new TensorValue(DType.BOOL, Ints.of(2, 0), Ints.of(1, 0), Blob.of(new byte[0])))) {
      BundledProgram bundle = bundle(value);
      assertThat(of(written(bundle)).bundle()).isEqualTo(bundle);
    }
  }

  @Test
  void rejectsTensorsWhoseDataAreNotOfTheirSize() throws IOException {
    for (Ints sizes : List.of(Ints.of(3), Ints.of(-1), Ints.of(1 << 30, 1 << 30, 1 << 30))) {
      Ints order = Ints.of(sizes.size() == 1 ? new int[] {0} : new int[] {0, 1, 2});
      byte[] bytes =
          written(bundle(new TensorValue(DType.INT32, sizes, order, Blob.of(new byte[4]))));
      assertThatThrownBy(() -> of(bytes))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("method_test_suites[0].test_cases[0].inputs[0].val");
    }
  }

  @Test
  void rejectsOtherFiles() {
    assertThatThrownBy(() -> of(new byte[64]))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("BP08");
  }
}
