package dev.sconce.runtime;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteFile;
import dev.sconce.kernels.KernelSupport;
import dev.sconce.kernels.Kernels;
import dev.sconce.runtime.internal.delegate.DelegateRegistry;
import dev.sconce.runtime.internal.operator.OperatorRegistry;
import dev.sconce.runtime.internal.plan.ExternalData;
import dev.sconce.runtime.internal.plan.PlannedArenas;
import dev.sconce.runtime.internal.plan.ProgramContents;
import dev.sconce.runtime.internal.plan.ProgramMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A loaded {@code .pte} program: the mapped file and whatever was prepared from it, shared by any
 * number of {@linkplain #loadMethod methods} in any threads.
 *
 * <p>Loading maps the file and checks its structure; weights are read when they are needed. Closing
 * a program closes its methods.
 */
public final class Program implements AutoCloseable {

  private final ProgramContents contents;
  private final LoadOptions options;
  private final Set<Method> methods = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean warmed = new AtomicBoolean();

  private Program(ProgramContents contents, LoadOptions options) {
    this.contents = contents;
    this.options = options;
  }

  /**
   * Loads a program that needs no other files.
   *
   * @throws IOException if the file cannot be read
   * @throws dev.sconce.base.MalformedFileException if it is not a well-formed program
   */
  public static Program load(Path path) throws IOException {
    return load(path, LoadOptions.defaults());
  }

  /**
   * Loads a program.
   *
   * @throws IOException if a file cannot be read
   * @throws dev.sconce.base.MalformedFileException if a file is not well-formed
   */
  public static Program load(Path path, LoadOptions options) throws IOException {
    return of(PteFile.open(path), options);
  }

  /**
   * Loads a program from memory.
   *
   * @param name what messages call it
   * @param memory the bytes of a {@code .pte} file; they must neither change nor go away before the
   *     program is closed
   * @throws IOException if a {@code .ptd} file cannot be read
   * @throws dev.sconce.base.MalformedFileException if it is not a well-formed program
   */
  public static Program of(String name, MemorySegment memory, LoadOptions options)
      throws IOException {
    return of(PteFile.of(MemoryReader.of(name, memory)), options);
  }

  private static Program of(PteFile file, LoadOptions options) throws IOException {
    Kernels own = null;
    try {
      if (options.threads() > 0) {
        own = Kernels.create(KernelSupport.detect().withThreads(options.threads()));
      }
      return new Program(
          new ProgramContents(
              file,
              ExternalData.of(file, options.data()),
              new ProgramMemory(file.bytes().file(), file.bytes().memory()),
              OperatorRegistry.standard(),
              DelegateRegistry.standard(),
              own == null ? Kernels.shared() : own,
              own != null),
          options);
    } catch (IOException | RuntimeException e) {
      if (own != null) {
        own.close();
      }
      file.close();
      throw e;
    }
  }

  /** Returns what messages call the program: its path. */
  public String name() {
    return contents.name();
  }

  /** Returns the names of all methods, in the file's order, getters of metadata included. */
  public List<String> methodNames() {
    return contents.file().program().plans().stream().map(ExecutionPlan::name).toList();
  }

  /**
   * Returns what the program says of a method, without loading it.
   *
   * @throws InvalidInputException if there is no such method
   */
  public MethodMetadata metadata(String method) {
    return MethodMetadata.of(plan(indexOf(method)));
  }

  /**
   * Loads a method with memory and state of its own. The same method may be loaded any number of
   * times.
   *
   * @throws InvalidInputException if there is no such method
   * @throws dev.sconce.base.UnsupportedProgramException naming every operator and delegate that is
   *     missing
   */
  public Method loadMethod(String method) {
    int index = indexOf(method);
    PlannedArenas arenas = PlannedArenas.of("method '" + method + "'", plan(index));
    try {
      return register(new Method(this, index, arenas, true));
    } catch (RuntimeException e) {
      arenas.close();
      throw e;
    }
  }

  /**
   * Loads a method into arenas that it shares with other methods of this program.
   *
   * @throws InvalidInputException if there is no such method, or the arenas are another program's
   * @throws dev.sconce.base.UnsupportedProgramException naming every operator and delegate that is
   *     missing
   */
  public Method loadMethod(String method, SharedArenas arenas) {
    return register(new Method(this, indexOf(method), arenas.of(this), false));
  }

  /**
   * Returns arenas for methods that share their mutable buffers: methods loaded into one of these
   * see each other's state where the program placed it at the same address, and overwrite each
   * other's elsewhere. The official runtime's {@code share_memory_arenas}.
   */
  public SharedArenas newSharedArenas() {
    requireOpen();
    return new SharedArenas(this, PlannedArenas.of(name(), contents.file().program().plans()));
  }

  private int indexOf(String method) {
    int index = contents().file().program().plans().size() - 1;
    while (index >= 0 && !plan(index).name().equals(method)) {
      index--;
    }
    if (index < 0) {
      throw new InvalidInputException(
          name(), "method", "one of " + methodNames(), "'" + method + "'");
    }
    return index;
  }

  private ExecutionPlan plan(int index) {
    return contents.file().program().plans().get(index);
  }

  Method register(Method method) {
    methods.add(method);
    if (options.warmUp() && warmed.compareAndSet(false, true)) {
      contents.warmUp();
    }
    return method;
  }

  void forget(Method method) {
    methods.remove(method);
  }

  ProgramContents contents() {
    requireOpen();
    return contents;
  }

  LoadOptions options() {
    return options;
  }

  private void requireOpen() {
    if (!contents.memory().isOpen()) {
      throw new InvalidInputException(name(), "program", "an open program", "a closed one");
    }
  }

  /** Closes all methods and gives the memory back. Idempotent. */
  @Override
  public void close() {
    for (Method method : List.copyOf(methods)) {
      method.close();
    }
    contents.close();
  }
}
