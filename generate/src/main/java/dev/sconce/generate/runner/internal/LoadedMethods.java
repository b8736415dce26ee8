package dev.sconce.generate.runner.internal;

import dev.sconce.generate.runner.internal.DecoderProgram.StepEmbedding;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Method;
import dev.sconce.runtime.Program;
import dev.sconce.runtime.SharedArenas;
import dev.sconce.runtime.StateTensor;
import dev.sconce.runtime.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The methods of a decoder with memory of their own; prefill and decode share their caches. */
final class LoadedMethods implements AutoCloseable {

  private final DecoderProgram program;
  private final @Nullable SharedArenas arenas;
  private final Method prefill;
  private final Method decode;
  private final @Nullable Method embedding;

  LoadedMethods(DecoderProgram program) {
    this.program = program;
    Program file = program.program();
    List<AutoCloseable> opened = new ArrayList<>();
    try {
      if (program.hasTwoMethods()) {
        arenas = file.newSharedArenas();
        opened.add(arenas);
        prefill = file.loadMethod(program.prefill().name(), arenas);
        opened.add(prefill);
        decode = file.loadMethod(program.decode().name(), arenas);
      } else {
        arenas = null;
        decode = file.loadMethod(program.decode().name());
        prefill = decode;
      }
      opened.add(decode);
      embedding = program.embedding().map(e -> file.loadMethod(e.method())).orElse(null);
    } catch (RuntimeException e) {
      opened.reversed().forEach(LoadedMethods::close);
      throw e;
    }
  }

  private static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  List<EValue> execute(StepMethod step, List<EValue> inputs) {
    Method method = step.name().equals(program.decode().name()) ? decode : prefill;
    return List.of(method.execute(inputs.toArray(EValue[]::new)));
  }

  /** Returns tokens as the method wants them: ids, or the vectors that they stand for. */
  Tensor tokens(long[] ids) {
    Method method = embedding;
    if (method == null) {
      return Tensor.of(ids, 1, ids.length);
    }
    StepEmbedding step = program.embedding().orElseThrow();
    if (ids.length == step.longest() || (step.dynamic() && ids.length < step.longest())) {
      return vectors(method, ids);
    }
    return inParts(method, step, ids);
  }

  private static Tensor vectors(Method method, long[] ids) {
    return method.execute(EValue.from(Tensor.of(ids, 1, ids.length)))[0].toTensor();
  }

  /** Embeds tokens by as many calls as it takes; a method of fixed length gets padding behind. */
  private static Tensor inParts(Method method, StepEmbedding step, long[] ids) {
    Tensor all = null;
    for (int from = 0; from < ids.length; from += step.longest()) {
      int count = Math.min(step.longest(), ids.length - from);
      int length = step.dynamic() ? count : step.longest();
      Tensor made =
          vectors(method, Arrays.copyOf(Arrays.copyOfRange(ids, from, from + count), length));
      long row = made.memory().byteSize() / length;
      if (all == null) {
        all = Tensor.zeros(made.dtype(), 1, ids.length, made.size(made.rank() - 1));
      }
      MemorySegment.copy(made.memory(), 0, all.memory(), from * row, count * row);
    }
    return Objects.requireNonNull(all);
  }

  List<StateTensor> state() {
    List<StateTensor> all = new ArrayList<>(decode.state());
    if (program.hasTwoMethods()) {
      all.addAll(prefill.state());
    }
    return all;
  }

  /** Takes over the state of others after a number of tokens. */
  void copyFrom(LoadedMethods other, int tokens) {
    decode.copyFilledStateFrom(other.decode, program.context(), tokens);
    if (program.hasTwoMethods()) {
      prefill.copyFilledStateFrom(other.prefill, program.context(), tokens);
    }
  }

  @Override
  public void close() {
    decode.close();
    if (program.hasTwoMethods()) {
      prefill.close();
    }
    if (embedding != null) {
      embedding.close();
    }
    if (arenas != null) {
      arenas.close();
    }
  }

  @Override
  public String toString() {
    return Arrays.asList(prefill.name(), decode.name()).toString();
  }
}
