package dev.sconce.generate.runner.internal;

import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Method;
import dev.sconce.runtime.Program;
import dev.sconce.runtime.SharedArenas;
import dev.sconce.runtime.StateTensor;
import dev.sconce.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    Tensor tokens = Tensor.of(ids, 1, ids.length);
    return embedding == null ? tokens : embedding.execute(EValue.from(tokens))[0].toTensor();
  }

  List<StateTensor> state() {
    List<StateTensor> all = new ArrayList<>(decode.state());
    if (program.hasTwoMethods()) {
      all.addAll(prefill.state());
    }
    return all;
  }

  void copyFrom(LoadedMethods other) {
    decode.copyStateFrom(other.decode);
    if (program.hasTwoMethods()) {
      prefill.copyStateFrom(other.prefill);
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
