package dev.sconce.runtime.internal.plan;

import dev.sconce.format.pte.BackendDelegate;
import dev.sconce.format.pte.CompileSpec;
import dev.sconce.format.pte.PteFile;
import dev.sconce.kernels.Kernels;
import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.WeightEncoding;
import dev.sconce.runtime.internal.delegate.Delegate;
import dev.sconce.runtime.internal.delegate.DelegateRegistry;
import dev.sconce.runtime.internal.delegate.DelegateSource;
import dev.sconce.runtime.internal.delegate.PreparedDelegate;
import dev.sconce.runtime.internal.operator.OperatorRegistry;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What all methods of a loaded program share; immutable from outside.
 *
 * @param file the opened program
 * @param data data by name, in the program and beside it
 * @param memory what was made of it
 * @param operators the operators it may call
 * @param delegates the delegates it may call
 * @param kernels what its methods compute with
 * @param ownsKernels whether the kernels end with the program
 */
public record ProgramContents(
    PteFile file,
    ExternalData data,
    ProgramMemory memory,
    OperatorRegistry operators,
    DelegateRegistry delegates,
    Kernels kernels,
    boolean ownsKernels)
    implements AutoCloseable {

  /** Returns the program's name for messages. */
  public String name() {
    return file.bytes().file();
  }

  /** Returns a delegate's blob in the form that its backend made of it; made on first use. */
  PreparedDelegate prepare(Delegate backend, BackendDelegate delegate) {
    // Equal records name the same blob with the same options.
    return memory.get(
        PreparedDelegate.class,
        delegate,
        _ -> {
          Map<String, byte[]> options = new HashMap<>();
          for (CompileSpec spec : delegate.compileSpecs()) {
            options.put(spec.key(), spec.value().toByteArray());
          }
          return backend.prepare(
              new DelegateSource(
                  file.delegateData(delegate), Map.copyOf(options), data, memory, kernels));
        });
  }

  /** Starts to compile what the weights packed so far are multiplied with, in the background. */
  public void warmUp() {
    Set<WeightEncoding> encodings = EnumSet.noneOf(WeightEncoding.class);
    for (PackedWeights weights : memory.all(PackedWeights.class)) {
      encodings.add(weights.encoding());
    }
    kernels.warmUp(encodings);
  }

  @Override
  public void close() {
    memory.close();
    data.close();
    file.close();
    if (ownsKernels) {
      kernels.close();
    }
  }
}
