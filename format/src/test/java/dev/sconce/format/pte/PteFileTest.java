package dev.sconce.format.pte;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.DType;
import dev.sconce.base.memory.FieldPath;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

class PteFileTest {

  static PteFile resource(String name) {
    try (InputStream in = PteFileTest.class.getResourceAsStream("cases/" + name)) {
      byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
      return PteFile.of(MemoryReader.of(name, MemorySegment.ofArray(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void readsAnExportedAdd() {
    PteFile file = resource("memory_all_planned.pte");
    PteProgram program = file.program();
    assertThat(program.header()).isEqualTo(HeaderForm.NONE);
    ExecutionPlan plan = program.plan("forward").orElseThrow();
    assertThat(plan.operators()).isNotEmpty();
    assertThat(plan.plannedBufferSizes().at(0)).isZero();
    assertThat(plan.values().get(plan.inputs().at(0)))
        .isInstanceOfSatisfying(
            TensorValue.class, tensor -> assertThat(tensor.dtype()).isEqualTo(DType.FLOAT32));
  }

  @Test
  void readsAHeaderWithoutSegmentSize() {
    assertThat(resource("layout_short_header.pte").program().header()).isEqualTo(HeaderForm.SHORT);
  }

  @Test
  void findsDelegateDataInsideTheTable() {
    PteFile file = resource("layout_delegate_inline.pte");
    BackendDelegate delegate = file.program().plans().get(0).delegates().get(0);
    assertThat(delegate.location()).isEqualTo(BackendDelegate.DataLocation.INLINE);
    MemoryReader blob = file.delegateData(delegate);
    assertThat(blob.memory().mismatch(file.program().inlineDelegateData().get(0).memory()))
        .isEqualTo(-1);
    assertThat(blob.i32(4, FieldPath.root())).isEqualTo(0x30304858); // "XH00"
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "SCONCE_FIXTURES", matches = ".+")
  void opensEveryFixture() throws IOException {
    List<Path> files = new ArrayList<>();
    try (var walk = Files.walk(Path.of(System.getenv("SCONCE_FIXTURES")))) {
      walk.filter(path -> path.toString().endsWith(".pte")).sorted().forEach(files::add);
    }
    for (Path path : files) {
      try (PteFile file = PteFile.open(path)) {
        assertThat(file.program().plans()).as(path.toString()).isNotEmpty();
      }
    }
    assertThat(files).hasSizeGreaterThan(300);
  }
}
