package dev.sconce.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressBarTest {

  private final StringWriter text = new StringWriter();
  private long now;

  @Test
  void drawsOverItselfOnATerminalAndLeavesNothing() {
    ProgressBar bar = new ProgressBar(new PrintWriter(text), true, () -> now);
    now = 2_000_000_000L;
    bar.update(50 << 20, 100 << 20);
    assertThat(text.toString())
        .isEqualTo(
            "\r\u001B[K[###############---------------]  50%  50.0 MiB of 100 MiB  25.0 MiB/s"
                + "  0:02 left");
    bar.finish();
    assertThat(text.toString()).endsWith("\r\u001B[K");
  }

  @Test
  void doesNotRedrawAtOnce() {
    ProgressBar bar = new ProgressBar(new PrintWriter(text), true, () -> now);
    now = 1_000;
    bar.update(1, 2);
    bar.finish();
    assertThat(text.toString()).isEmpty();
  }

  @Test
  void writesLinesElsewhere() {
    ProgressBar bar = new ProgressBar(new PrintWriter(text), false, () -> now);
    for (int second = 1; second <= 11; second++) {
      now = second * 1_000_000_000L;
      bar.update(second, 100);
    }
    bar.finish();
    assertThat(text.toString().lines()).hasSize(2).allMatch(line -> line.startsWith("["));
    assertThat(text.toString()).doesNotContain("\r").contains("  5%").contains(" 10%");
  }
}
