package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.Instruction.KernelCall;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteFileWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiffCommandTest {

  @TempDir Path folder;

  private static CommandRun diff(Path a, Path b) {
    return CommandRun.of("diff", "--json", a.toString(), b.toString());
  }

  private static Set<String> areas(CommandRun run) {
    return run.json().array("differences").orElseThrow().values().stream()
        .map((JsonValue row) -> ((JsonObject) row).string("area").orElseThrow())
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"int4.pte", "jump-loop.pte", "getters.pte", "shared-state.pte", "two-cases.bpte"})
  void aProgramEqualsItself(String name) {
    Path file = CommandRun.fixture(folder, name);
    CommandRun run = diff(file, file);
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.json().bool("equal")).contains(true);
    assertThat(areas(run)).isEmpty();
  }

  @Test
  void aProgramEqualsItselfInAnotherLayout() throws IOException {
    Path file = CommandRun.fixture(folder, "int4.pte");
    Path copy = folder.resolve("copy.pte");
    try (PteFile program = PteFile.open(file)) {
      PteFileWriter.rewrite(program, copy);
    }
    assertThat(diff(file, copy).exitCode()).isEqualTo(ExitCode.OK);
  }

  @Test
  void findsOtherWeightsAndDelegates() {
    CommandRun run =
        diff(CommandRun.fixture(folder, "int4.pte"), CommandRun.fixture(folder, "int4-bias.pte"));
    assertThat(run.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(run.json().bool("equal")).contains(false);
    assertThat(areas(run)).contains("delegates", "named data", "instructions");
  }

  @Test
  void findsAMethodLess() {
    CommandRun run =
        diff(
            CommandRun.fixture(folder, "getters.pte"),
            CommandRun.fixture(folder, "shared-state.pte"));
    assertThat(areas(run)).contains("methods");
  }

  @Test
  void findsOneByteOfAConstant() throws IOException {
    Path file = CommandRun.fixture(folder, "getters.pte");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Path changed = Files.write(folder.resolve("changed.pte"), bytes);
    CommandRun run = diff(file, changed);
    assertThat(run.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(areas(run)).containsExactly("metadata");
  }

  /** The steps are the same, only their operands changed places: no type tells. */
  @Test
  void findsOtherDataFlow() throws IOException {
    Path file = CommandRun.fixture(folder, "shared-state.pte");
    Path swapped = folder.resolve("swapped.pte");
    try (PteFile program = PteFile.open(file)) {
      ExecutionPlan push = program.program().plan("push").orElseThrow();
      KernelCall add = (KernelCall) push.chains().getFirst().instructions().getFirst();
      KernelCall multiply = (KernelCall) push.chains().getFirst().instructions().get(2);
      assertThat(push.operators().get(add.operator()).fullName()).isEqualTo("aten::add.out");
      Path copy = folder.resolve("copy.pte");
      PteFileWriter.rewrite(program, copy);
      byte[] bytes = Files.readAllBytes(copy);
      // mul.out reads what add.out made; let it read its own result instead, a tensor of that type.
      replace(bytes, multiply.args(), multiply.args().at(0), multiply.args().at(2));
      Files.write(swapped, bytes);
    }
    CommandRun run = diff(file, swapped);
    assertThat(run.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(areas(run)).containsExactly("data flow");
  }

  private static void replace(byte[] bytes, Ints args, int from, int to) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int count = 0;
    for (int at = 0; at + 4 * (args.size() + 1) <= bytes.length; at += 4) {
      boolean found = buffer.getInt(at) == args.size();
      for (int i = 0; found && i < args.size(); i++) {
        found = buffer.getInt(at + 4 * (i + 1)) == args.at(i);
      }
      if (found) {
        assertThat(args.at(0)).isEqualTo(from);
        buffer.putInt(at + 4, to);
        count++;
      }
    }
    assertThat(count).isEqualTo(1);
  }

  @Test
  void showsInstructionsThatOnlyOneSideHas() {
    CommandRun run =
        CommandRun.of(
            "diff",
            CommandRun.fixture(folder, "int4.pte").toString(),
            CommandRun.fixture(folder, "int4-bias.pte").toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(run.out()).contains("- A").contains("+ B").contains("XnnpackBackend #0(");
  }

  @Test
  void otherFilesAreBadFiles() {
    Path file = CommandRun.fixture(folder, "int4.pte");
    Path other = CommandRun.fixture(folder, "delegate.ptd");
    assertThat(diff(file, other).exitCode()).isEqualTo(ExitCode.BAD_FILE);
    assertThat(diff(file, folder.resolve("none")).exitCode()).isEqualTo(ExitCode.BAD_FILE);
    assertThat(CommandRun.of("diff", file.toString()).exitCode()).isEqualTo(ExitCode.USAGE);
  }
}
