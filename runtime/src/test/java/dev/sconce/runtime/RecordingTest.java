package dev.sconce.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sconce.base.ExecutionFailedException;
import dev.sconce.format.pte.Label;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What JDK Flight Recorder hears. */
class RecordingTest {

  @TempDir private Path folder;

  @Test
  void recordsLoadsExecutionsAndSlowInstructions() throws IOException {
    Path file =
        new TestProgram()
            .method("forward", plan -> TestProgram.accumulate(plan, 0, 2))
            .method(
                "spin",
                plan -> {
                  Label loop = plan.label();
                  plan.place(loop);
                  plan.jump(loop);
                })
            .write(folder);
    Path recorded = folder.resolve("run.jfr");
    EValue input = EValue.from(Tensor.of(new float[] {1, 2}));
    try (Recording recording = new Recording();
        PteModule module = PteModule.load(file, LoadOptions.defaults().withInstructionLimit(9))) {
      recording.enable("dev.sconce.Load").withoutThreshold();
      recording.enable("dev.sconce.Execute").withoutThreshold();
      recording.enable("dev.sconce.Instruction").withoutThreshold();
      recording.start();
      module.forward(input);
      module.forward(input);
      assertThat(catchThrowable(() -> module.execute("spin")))
          .isInstanceOf(ExecutionFailedException.class);
      recording.disable("dev.sconce.Instruction");
      module.forward(input);
      recording.stop();
      recording.dump(recorded);
    }

    List<RecordedEvent> events = RecordingFile.readAllEvents(recorded);
    assertThat(texts(events, "dev.sconce.Load", "method"))
        .containsExactlyInAnyOrder("forward", "spin");
    assertThat(events.stream().filter(e -> e.getEventType().getName().equals("dev.sconce.Load")))
        .allSatisfy(e -> assertThat(e.getLong("size")).isEqualTo(file.toFile().length()));
    assertThat(texts(events, "dev.sconce.Execute", "method"))
        .containsExactlyInAnyOrder("forward", "forward", "spin", "forward");
    assertThat(events.stream().filter(e -> e.getEventType().getName().equals("dev.sconce.Execute")))
        .allSatisfy(
            e ->
                assertThat(e.getBoolean("completed"))
                    .isEqualTo(e.getString("method").equals("forward")));
    assertThat(texts(events, "dev.sconce.Instruction", "operator"))
        .hasSize(2 * 2 + 9)
        .contains("aten::add.out", "aten::copy_", "JumpFalseCall");
  }

  private static List<String> texts(List<RecordedEvent> events, String type, String field) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals(type))
        .map(event -> event.getString(field))
        .toList();
  }
}
