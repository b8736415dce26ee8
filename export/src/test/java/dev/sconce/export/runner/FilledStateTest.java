package dev.sconce.export.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import dev.sconce.export.runner.TinyDecoder.Convention;
import dev.sconce.export.runner.TinyDecoder.Memory;
import dev.sconce.export.runner.TinyDecoder.Places;
import dev.sconce.graph.emit.ProgramEmitter;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Method;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.StateTensor;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of what tokens have filled in a cache. */
final class FilledStateTest {

  private static final int CONTEXT = TinyDecoder.CONTEXT;

  @TempDir private Path folder;

  private PteModule module(Memory memory) throws IOException {
    Path file = folder.resolve(memory + ".pte");
    Convention convention = new Convention(memory, Places.EACH, TinyDecoder.BLOCK, true, false);
    ProgramEmitter.write(
        List.of(new TinyDecoder().method("forward", convention)), List.of(), file, (_, _, _) -> {});
    return PteModule.load(file);
  }

  private static float[] run(Method method, int from, int count) {
    long[] tokens = LongStream.range(from, from + count).toArray();
    return method
        .execute(EValue.from(Tensor.of(tokens, 1, count)), EValue.from(Tensor.of(tokens)))[0]
        .toTensor()
        .toFloatArray();
  }

  private static float[] cache(Method method) {
    return method.state().stream()
        .filter(StateTensor::addressed)
        .findFirst()
        .orElseThrow()
        .tensor()
        .toFloatArray();
  }

  @Test
  void leaveWhatLiesBeyondAsItWas() throws IOException {
    try (PteModule module = module(Memory.FULL);
        Method filled = module.program().loadMethod("forward");
        Method copy = module.program().loadMethod("forward")) {
      run(filled, 0, 8);
      copy.copyFilledStateFrom(filled, CONTEXT, 5);
      int width = cache(copy).length / CONTEXT;

      assertThat(Arrays.copyOf(cache(copy), 5 * width))
          .isEqualTo(Arrays.copyOf(cache(filled), 5 * width));
      assertThat(Arrays.copyOfRange(cache(copy), 5 * width, CONTEXT * width)).containsOnly(0f);
      assertThat(run(copy, 5, 2)).isEqualTo(run(filled, 5, 2));
    }
  }

  @Test
  void areWholeWhereAPlaceIsNotThatOfOneToken() throws IOException {
    try (PteModule module = module(Memory.RING);
        Method filled = module.program().loadMethod("forward");
        Method copy = module.program().loadMethod("forward")) {
      run(filled, 0, 8);
      run(filled, 8, 5);
      copy.copyFilledStateFrom(filled, CONTEXT, 1);

      assertThat(cache(copy)).isEqualTo(cache(filled));
    }
  }

  @Test
  void refuseMoreThanThereIs() throws IOException {
    try (PteModule module = module(Memory.FULL);
        Method filled = module.program().loadMethod("forward");
        Method copy = module.program().loadMethod("forward")) {
      assertThatThrownBy(() -> copy.copyFilledStateFrom(filled, CONTEXT, CONTEXT + 1))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> copy.copyFilledStateFrom(copy, CONTEXT, 1))
          .isInstanceOf(InvalidInputException.class);
    }
  }
}
