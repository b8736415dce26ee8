package dev.sconce.format.pte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.MalformedFileException;
import dev.sconce.format.Blob;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.BackendDelegate.DataLocation;
import dev.sconce.format.pte.StackTrace.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PteRewriteTest {

  @TempDir private Path folder;

  /** Rewrites twice: the first copy must say the same, the second must be the same bytes. */
  private void rewrites(PteFile original, String name) throws IOException {
    Path first = folder.resolve("first.pte");
    Path second = folder.resolve("second.pte");
    PteFileWriter.rewrite(original, first);
    try (PteFile copy = PteFile.open(first)) {
      assertThat(copy.program()).as(name).isEqualTo(original.program());
      for (int i = 0; i < copy.program().segments().size(); i++) {
        assertThat(copy.segment(i).mismatch(original.segment(i))).as(name + " " + i).isEqualTo(-1);
      }
      PteFileWriter.rewrite(copy, second);
    }
    assertThat(Files.mismatch(first, second)).as(name).isEqualTo(-1);
  }

  private static List<String> cases() {
    return PteCases.NAMES;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aCopySaysTheSameAndIsStable(String name) throws IOException {
    rewrites(PteCases.open(name), name);
  }

  @Test
  void leavesNothingButTheFile() throws IOException {
    rewrites(PteCases.open("constant_methods.pte"), "constant_methods");
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("first.pte", "second.pte");
    }
  }

  @Test
  void keepsConstantsInsideTheTable() throws IOException {
    PteFile original = PteCases.open("layout_short_header.pte");
    PteFile legacy = PteCases.of("inline", PteCases.withInlineConstants(original));
    assertThat(legacy.program().usesInlineConstants()).isTrue();
    rewrites(legacy, "inline constants");
    assertThat(legacy.constant(1, 4).mismatch(original.constant(1, 4))).isEqualTo(-1);
  }

  @Test
  void keepsDevicesAndStackTraces() throws IOException {
    PteProgram program = PteCases.open("memory_all_planned.pte").program();
    ExecutionPlan plan = program.plans().get(0);
    Chain chain = plan.chains().get(0);
    StackTrace trace =
        new StackTrace(List.of(new Frame("model.py", 12, "forward", "x + y"), frameOfNothing()));
    ExecutionPlan changed =
        new ExecutionPlan(
            plan.name(),
            null,
            plan.values(),
            plan.inputs(),
            plan.outputs(),
            List.of(new Chain(Ints.of(2), Ints.of(0, 1), chain.instructions(), List.of(trace))),
            plan.operators(),
            List.of(
                new BackendDelegate(
                    "Elsewhere",
                    DataLocation.INLINE,
                    0,
                    List.of(new CompileSpec("key", Blob.of((byte) 1, (byte) 2))))),
            plan.plannedBufferSizes(),
            List.of(new BufferDevice(1, 1, 3)));
    PteProgram written =
        new PteProgram(
            HeaderForm.NONE,
            0,
            List.of(changed),
            List.of(),
            List.of(Blob.of("blob")),
            program.segments(),
            program.constantSegment(),
            List.of(),
            List.of());
    PteFile file = PteCases.of("written", PteCases.table(written));
    assertThat(file.program()).isEqualTo(written);
    rewrites(file, "devices");
  }

  private static Frame frameOfNothing() {
    return new Frame(null, 0, null, null);
  }

  @Test
  void keepsALargerAlignment() throws IOException {
    PteFile file = PteCases.open("layout_short_header.pte");
    Path path = folder.resolve("aligned.pte");
    try (PteFileWriter writer = PteFileWriter.create(path, PteLayout.of(file.program(), 4096))) {
      for (int i = 0; i < file.program().segments().size(); i++) {
        writer.write(i, file.segment(i));
      }
      writer.finish();
    }
    Path copy = folder.resolve("copy.pte");
    try (PteFile aligned = PteFile.open(path)) {
      assertThat(aligned.header().segmentBase()).isEqualTo(4096);
      PteFileWriter.rewrite(aligned, copy);
    }
    assertThat(Files.mismatch(path, copy)).isEqualTo(-1);
  }

  @Test
  void anUnfinishedFileLeavesNothing() throws IOException {
    PteFile file = PteCases.open("layout_short_header.pte");
    Path path = folder.resolve("unfinished.pte");
    try (PteFileWriter writer = PteFileWriter.create(path, PteLayout.of(file.program()))) {
      assertThatThrownBy(writer::finish)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("segment 0 was not written");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFileThatDoesNotVerifyIsNotMovedIntoPlace() throws IOException {
    PteProgram program = PteCases.open("memory_all_planned.pte").program();
    PteProgram empty =
        new PteProgram(
            HeaderForm.NONE,
            0,
            List.of(),
            List.of(),
            List.of(),
            program.segments(),
            program.constantSegment(),
            List.of(),
            List.of());
    Path path = folder.resolve("empty.pte");
    try (PteFileWriter writer = PteFileWriter.create(path, PteLayout.of(empty))) {
      assertThatThrownBy(writer::finish).isInstanceOf(MalformedFileException.class);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "SCONCE_FIXTURES", matches = ".+")
  void rewritesEveryFixture() throws IOException {
    for (Path path : PteCases.fixtures()) {
      try (PteFile file = PteFile.open(path)) {
        rewrites(file, path.toString());
      }
    }
  }
}
