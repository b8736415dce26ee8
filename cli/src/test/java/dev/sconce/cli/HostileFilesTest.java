package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file says, the commands report it or refuse it; they never fail themselves. */
class HostileFilesTest {

  private static final List<String> FILES =
      List.of(
          "int4.pte",
          "jump-loop.pte",
          "getters.pte",
          "shared-state.pte",
          "two-cases.bpte",
          "delegate.ptd",
          "portable.etdp",
          "int4.xnnpack",
          "all-types.safetensors",
          "vector.npy");

  private static final int ROUNDS = 60;

  @TempDir Path folder;

  @Test
  void spoiledFilesAreReportedOrRefused() throws IOException {
    for (String name : FILES) {
      Path original = CommandRun.fixture(folder, name);
      byte[] bytes = Files.readAllBytes(original);
      for (int seed = 0; seed < ROUNDS; seed++) {
        Path file = Files.write(folder.resolve("spoiled"), spoil(bytes, new Random(seed)));
        String what = name + ", seed " + seed;
        CommandRun text = CommandRun.of("inspect", file.toString());
        assertThat(text.exitCode()).as(what + text.err()).isIn(ExitCode.OK, ExitCode.BAD_FILE);
        CommandRun json = CommandRun.of("inspect", "--json", file.toString());
        assertThat(json.exitCode()).as(what).isEqualTo(text.exitCode());
        CommandRun diff = CommandRun.of("diff", original.toString(), file.toString());
        assertThat(diff.exitCode())
            .as(what + diff.err())
            .isIn(ExitCode.OK, ExitCode.CHECK_FAILED, ExitCode.BAD_FILE);
      }
    }
  }

  private static byte[] spoil(byte[] bytes, Random random) {
    byte[] spoiled = bytes.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(spoiled.length);
      switch (random.nextInt(3)) {
        case 0 -> spoiled[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> spoiled[at] = (byte) random.nextInt();
        default -> spoiled = Arrays.copyOf(spoiled, Math.max(1, at));
      }
    }
    return spoiled;
  }
}
