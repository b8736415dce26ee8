package dev.sconce.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SconceExceptionTest {

  @Test
  void malformedFileSaysWhereWhatAndInstead() {
    MalformedFileException e =
        new MalformedFileException("m.pte", 4096, "segments[2].size", "at most 100", "200");
    assertThat(e)
        .hasMessage(
            "m.pte at byte 4096 (0x1000), segments[2].size: expected at most 100, found 200");
    assertThat(e.file()).isEqualTo("m.pte");
    assertThat(e.offset()).isEqualTo(4096);
    assertThat(e.path()).isEqualTo("segments[2].size");
    assertThat(e.expected()).isEqualTo("at most 100");
    assertThat(e.found()).isEqualTo("200");
  }

  @Test
  void placesThatAreUnknownAreLeftOut() {
    assertThat(new MalformedFileException("m.pte", -1, "", "x", "y"))
        .hasMessage("m.pte: expected x, found y");
    assertThat(new ExecutionFailedException("forward", -1, "call", "cancelled"))
        .hasMessage("method 'forward', call: cancelled");
  }

  @Test
  void unsupportedProgramListsEverythingAtOnce() {
    UnsupportedProgramException e =
        new UnsupportedProgramException("m.pte", List.of("aten::a.out", "delegate B"));
    assertThat(e.getMessage().lines())
        .containsExactly(
            "m.pte needs what this runtime does not have:", "  aten::a.out", "  delegate B");
    assertThat(e.missing()).containsExactly("aten::a.out", "delegate B");
  }

  @Test
  void theOthersNameTheirSubject() {
    ExportException export = new ExportException("rope_type", "unknown 'x'");
    assertThat(export).hasMessage("rope_type: unknown 'x'");
    assertThat(export.subject()).isEqualTo("rope_type");
    InvalidInputException input = new InvalidInputException("execute", "x", "[1, 2]", "[3]");
    assertThat(input).hasMessage("execute: x: expected [1, 2], found [3]");
    assertThat(input.where()).isEqualTo("execute");
    assertThat(input.argument()).isEqualTo("x");
    Throwable cause = new ArithmeticException("by zero");
    ExecutionFailedException failed =
        new ExecutionFailedException("forward", 3, "aten::div.out", "failed", cause);
    assertThat(failed).hasMessage("method 'forward', instruction 3 (aten::div.out): failed");
    assertThat(failed).hasCause(cause);
    assertThat(failed.method()).isEqualTo("forward");
    assertThat(failed.instruction()).isEqualTo(3);
  }
}
