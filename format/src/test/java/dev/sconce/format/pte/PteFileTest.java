package dev.sconce.format.pte;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.DType;
import dev.sconce.base.memory.FieldPath;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.Instruction.KernelCall;
import dev.sconce.format.pte.PteValue.DataSource;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

class PteFileTest {

  private static final FieldPath ROOT = FieldPath.root();

  @Test
  void readsAnExportedProgram() {
    PteProgram program = PteCases.open("memory_all_planned.pte").program();
    assertThat(program.header()).isEqualTo(HeaderForm.NONE);
    assertThat(program.usesInlineConstants()).isFalse();
    ExecutionPlan plan = program.plan("forward").orElseThrow();
    assertThat(plan.plannedBufferSizes().at(0)).isZero();
    TensorValue input = (TensorValue) plan.values().get(plan.inputs().at(0));
    assertThat(input.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(input.dataSource()).isEqualTo(DataSource.PLANNED);
    KernelCall call = (KernelCall) plan.chains().get(0).instructions().get(0);
    assertThat(plan.operators().get(call.operator()).fullName()).startsWith("aten::");
    int last = call.args().size() - 1;
    assertThat(call.args().at(last)).isEqualTo(call.args().at(last - 1));
  }

  @Test
  void readsAHeaderWithoutSegmentSize() {
    PteFile file = PteCases.open("layout_short_header.pte");
    assertThat(file.header().form()).isEqualTo(HeaderForm.SHORT);
    assertThat(file.segment(0).byteSize()).isPositive();
  }

  @Test
  void findsDelegateDataInsideTheTable() {
    PteFile file = PteCases.open("layout_delegate_inline.pte");
    BackendDelegate delegate = file.program().plans().get(0).delegates().get(0);
    assertThat(delegate.location()).isEqualTo(BackendDelegate.DataLocation.INLINE);
    MemoryReader blob = file.delegateData(delegate);
    assertThat(blob.i32(4, ROOT)).isEqualTo(0x30304858); // "XH00"
    assertThat(file.bytes().i32(blob.origin() + 4, ROOT)).isEqualTo(0x30304858);
  }

  @Test
  void findsInitialValues() {
    PteFile file = PteCases.open("state_initialised.pte");
    List<TensorValue> tensors =
        file.program().plans().get(0).values().stream()
            .filter(TensorValue.class::isInstance)
            .map(TensorValue.class::cast)
            .filter(t -> t.dataSource() == DataSource.PLANNED_WITH_INITIAL_VALUE)
            .toList();
    assertThat(tensors).isNotEmpty();
    for (TensorValue tensor : tensors) {
      assertThat(file.initialValue(tensor.dataBufferIndex(), tensor.byteSize()).byteSize())
          .isEqualTo(tensor.byteSize());
    }
  }

  @Test
  void findsNamedDataByItsKey() {
    PteFile file = PteCases.open("layout_short_header.pte");
    for (NamedData data : file.program().namedData()) {
      assertThat(file.namedData(data.key()).orElseThrow().size())
          .isEqualTo(file.segment(data.segmentIndex()).byteSize());
    }
    assertThat(file.namedData("no such key")).isEmpty();
  }

  @Test
  void listsOfIndicesAreEqualToOtherListsOfTheSame() {
    assertThat(Ints.of(1, 2)).isEqualTo(List.of(1, 2)).hasSameHashCodeAs(List.of(1, 2));
    assertThat(List.of(1, 2)).isEqualTo(Ints.of(1, 2));
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "SCONCE_FIXTURES", matches = ".+")
  void opensEveryFixture() throws IOException {
    List<Path> files = PteCases.fixtures();
    for (Path path : files) {
      try (PteFile file = PteFile.open(path)) {
        assertThat(file.program().plans()).as(path.toString()).isNotEmpty();
      }
    }
    assertThat(files).hasSizeGreaterThan(300);
  }
}
