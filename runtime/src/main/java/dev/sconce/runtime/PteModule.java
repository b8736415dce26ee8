package dev.sconce.runtime;

import dev.sconce.base.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program with its methods loaded on demand: ExecuTorch's {@code Module}.
 *
 * <pre>{@code
 * try (PteModule module = PteModule.load(Path.of("model.pte"))) {
 *   Tensor logits = module.forward(EValue.from(Tensor.of(ids, 1, ids.length)))[0].toTensor();
 * }
 * }</pre>
 *
 * <p>Outputs are copies that belong to the caller. One caller at a time, as with {@link Method},
 * but for methods that only return constants, which any number of threads may ask; threads that run
 * in parallel load a module each from one shared {@link Program}, which costs arenas but no
 * weights.
 */
public final class PteModule implements AutoCloseable {

  private final Program program;
  private final boolean ownsProgram;
  private final @Nullable SharedArenas arenas;
  private final Map<String, Method> methods = new HashMap<>();

  private PteModule(Program program, boolean ownsProgram, boolean sharedArenas) {
    this.program = program;
    this.ownsProgram = ownsProgram;
    this.arenas = sharedArenas ? program.newSharedArenas() : null;
  }

  /**
   * Loads a program that needs no other files.
   *
   * @throws IOException if the file cannot be read
   * @throws dev.sconce.base.MalformedFileException if it is not a well-formed program
   */
  public static PteModule load(Path path) throws IOException {
    return load(path, LoadOptions.defaults());
  }

  /**
   * Loads a program.
   *
   * @throws IOException if a file cannot be read
   * @throws dev.sconce.base.MalformedFileException if a file is not well-formed
   */
  public static PteModule load(Path path, LoadOptions options) throws IOException {
    Program program = Program.load(path, options);
    try {
      return new PteModule(program, true, options.sharedArenas());
    } catch (RuntimeException e) {
      program.close();
      throw e;
    }
  }

  /** Returns a module over a program that stays the caller's: closing the module leaves it open. */
  public static PteModule of(Program program) {
    return new PteModule(program, false, program.options().sharedArenas());
  }

  /** Returns the program. */
  public Program program() {
    return program;
  }

  /** Returns the names of all methods, getters of metadata included. */
  public List<String> methodNames() {
    return program.methodNames();
  }

  /**
   * Returns what the program says of a method, without loading it.
   *
   * @throws InvalidInputException if there is no such method
   */
  public MethodMetadata metadata(String method) {
    return program.metadata(method);
  }

  /**
   * Loads a method if it is not loaded yet, and returns it. It belongs to this module.
   *
   * @throws InvalidInputException if there is no such method
   * @throws dev.sconce.base.UnsupportedProgramException naming every operator and delegate that is
   *     missing
   */
  public synchronized Method loadMethod(String name) {
    Method method = methods.get(name);
    if (method == null) {
      method = arenas == null ? program.loadMethod(name) : program.loadMethod(name, arenas);
      methods.put(name, method);
    }
    return method;
  }

  /** Returns whether a method is loaded. */
  public synchronized boolean isMethodLoaded(String name) {
    return methods.containsKey(name);
  }

  /** Closes a method and with it its state; returns whether it was loaded. */
  public synchronized boolean unloadMethod(String name) {
    Method method = methods.remove(name);
    if (method != null) {
      method.close();
    }
    return method != null;
  }

  /**
   * Sets one input of a method for its next executions; see {@link Method#setInput}.
   *
   * @throws InvalidInputException if the input does not suit
   */
  public void setInput(String method, int index, EValue value) {
    loadMethod(method).setInput(index, value);
  }

  /**
   * Has an output of a method written into the caller's memory; see {@link Method#setOutput}.
   *
   * @throws InvalidInputException if the output is planned, or the tensor does not suit it
   */
  public void setOutput(String method, int index, Tensor tensor) {
    loadMethod(method).setOutput(index, tensor);
  }

  /**
   * Executes a method with the given inputs, or, if none are given and it has some, with those that
   * were set.
   *
   * @return the outputs, which belong to the caller
   * @throws InvalidInputException if the inputs are not what the program declares
   * @throws dev.sconce.base.ExecutionFailedException if an instruction fails
   */
  public EValue[] execute(String method, EValue... inputs) {
    Method loaded = loadMethod(method);
    if (loaded.isConstant()) {
      // Getters are read wherever they are needed, by runners that share the module, too.
      synchronized (loaded) {
        return loaded.executeToCopies(inputs);
      }
    }
    return loaded.executeToCopies(inputs);
  }

  /** Executes the method {@code forward}; see {@link #execute}. */
  public EValue[] forward(EValue... inputs) {
    return execute("forward", inputs);
  }

  /** Closes all methods, and the program if this module loaded it. Idempotent. */
  @Override
  public synchronized void close() {
    methods.values().forEach(Method::close);
    methods.clear();
    if (arenas != null) {
      arenas.close();
    }
    if (ownsProgram) {
      program.close();
    }
  }
}
