package dev.sconce.runtime;

import dev.sconce.base.ExecutionFailedException;
import dev.sconce.base.InvalidInputException;
import dev.sconce.base.SconceException;
import dev.sconce.runtime.internal.execution.ExecutionContext;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.plan.BoundChain;
import dev.sconce.runtime.internal.plan.BoundMethod;
import dev.sconce.runtime.internal.plan.MutableState;
import dev.sconce.runtime.internal.plan.PlannedArenas;
import dev.sconce.runtime.internal.recording.ExecuteEvent;
import dev.sconce.runtime.internal.recording.InstructionEvent;
import dev.sconce.runtime.internal.recording.LoadEvent;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A method of a program with memory of its own: planned arenas and the state that lives in them
 * from one execution to the next, such as key-value caches.
 *
 * <p>One caller at a time: a call that meets another one in progress throws {@link
 * InvalidInputException} and changes nothing. Different methods run in parallel, also of the same
 * program. {@link #cancel} and {@link #close} may come from any thread.
 *
 * <p>After a failed execution the method can be used again; values that the failed execution had
 * already written stay written, so state may have advanced part of the way.
 */
public final class Method implements AutoCloseable {

  private final Program program;
  private final int planIndex;
  private final boolean ownsArenas;
  private final boolean constant;
  private final BoundMethod bound;
  private final MethodIo io;
  private final ExecutionContext context;
  private final @Nullable EventTracer tracer;
  private final long instructionLimit;
  private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();

  Method(Program program, int planIndex, PlannedArenas arenas, boolean ownsArenas) {
    this.program = program;
    this.planIndex = planIndex;
    this.ownsArenas = ownsArenas;
    LoadEvent event = new LoadEvent();
    event.begin();
    this.bound = BoundMethod.bind(program.contents(), planIndex, arenas);
    event.commit(program.name(), name(), program.contents().file().bytes().memory().byteSize());
    this.constant = metadata().isConstant();
    this.io = new MethodIo(bound);
    this.tracer = program.options().tracer();
    this.context = new ExecutionContext(tracer);
    this.instructionLimit = program.options().instructionLimit();
  }

  /** Returns the method's name. */
  public String name() {
    return bound.plan().name();
  }

  /** Returns the program that the method belongs to. */
  public Program program() {
    return program;
  }

  /** Returns what the program says of this method. */
  public MethodMetadata metadata() {
    return MethodMetadata.of(bound.plan());
  }

  /** Returns whether the method only returns constants. */
  boolean isConstant() {
    return constant;
  }

  /**
   * Sets one input for the next executions.
   *
   * <p>A tensor is copied where the program plans its memory, and used in place where it does not:
   * then keep it until the execution is over. Numbers, bools and strings were fixed when the
   * program was exported; only the exported value is accepted.
   *
   * @throws InvalidInputException if there is no such input, or the value's kind, type, rank or
   *     size is not what the program declares
   */
  public void setInput(int index, EValue value) {
    enter("setInput");
    try {
      io.checkInput(index, value);
      io.setInput(index, value);
    } finally {
      leave();
    }
  }

  /**
   * Has an output written into the caller's memory from now on.
   *
   * @param index which output; its memory must not be planned
   * @param tensor where to; of the output's type, and as large as its upper bound
   * @throws InvalidInputException if the output is planned, or the tensor does not suit it
   */
  public void setOutput(int index, Tensor tensor) {
    enter("setOutput");
    try {
      io.setOutput(index, tensor);
    } finally {
      leave();
    }
  }

  /**
   * Sets all inputs and executes.
   *
   * @return the outputs; tensors are views of this method's memory, valid until the next execution
   * @throws InvalidInputException if the inputs are not what the program declares; nothing has been
   *     changed then
   * @throws ExecutionFailedException if an instruction fails, the instruction limit is reached, or
   *     the execution is cancelled
   */
  public EValue[] execute(EValue... inputs) {
    enter("execute");
    try {
      io.setInputs(inputs);
      run();
      return io.outputs();
    } finally {
      leave();
    }
  }

  /**
   * Executes with the inputs that were set; results as in {@link #execute(EValue...)}.
   *
   * @throws InvalidInputException if an input was never set
   * @throws ExecutionFailedException if an instruction fails, the instruction limit is reached, or
   *     the execution is cancelled
   */
  public EValue[] execute() {
    enter("execute");
    try {
      io.requireInputs();
      run();
      return io.outputs();
    } finally {
      leave();
    }
  }

  /** As {@link #execute(EValue...)}, or with the inputs that were set; returns copies. */
  EValue[] executeToCopies(EValue... inputs) {
    enter("execute");
    try {
      if (inputs.length == 0) {
        io.requireInputs();
      } else {
        io.setInputs(inputs);
      }
      run();
      EValue[] outputs = io.outputs();
      for (int i = 0; i < outputs.length; i++) {
        outputs[i] = MethodIo.copy(outputs[i]);
      }
      return outputs;
    } finally {
      leave();
    }
  }

  /**
   * Returns an output as it is now; a tensor is a view of this method's memory.
   *
   * @throws InvalidInputException if there is no such output
   */
  public EValue output(int index) {
    enter("output");
    try {
      return io.output(index);
    } finally {
      leave();
    }
  }

  /**
   * Ends the execution that is in progress before its next instruction; it throws {@link
   * ExecutionFailedException}. Does nothing if there is none. Any thread may call it.
   */
  public void cancel() {
    context.cancel();
  }

  /**
   * Returns the buffers of this method's state, in an order that is the program's: what {@link
   * #fork} copies, without numbers and sizes.
   */
  public List<StateTensor> state() {
    enter("state");
    try {
      return MutableState.buffers(program.contents(), bound).stream()
          .map(buffer -> new StateTensor(MethodIo.wholeView(buffer.slot()), buffer.addressed()))
          .toList();
    } finally {
      leave();
    }
  }

  /**
   * Returns a new instance of this method with a copy of its state: both go their own ways from
   * here. Inputs must be set anew.
   */
  public Method fork() {
    enter("fork");
    try {
      Method copy = program.loadMethod(name());
      try {
        MutableState.copy(program.contents(), bound, copy.bound, null);
        return copy;
      } catch (RuntimeException e) {
        copy.close();
        throw e;
      }
    } finally {
      leave();
    }
  }

  /**
   * Copies all state of another instance of the same method over this one's.
   *
   * @throws InvalidInputException if the other is not an instance of the same method
   */
  public void copyStateFrom(Method other) {
    copyState(other, null);
  }

  /**
   * Copies state row by row: row {@code i} of this method's state becomes row {@code rowMap[i]} of
   * the other's, which may be this method itself. Rows count along the first dimension of those
   * buffers that have {@code rowMap.length} rows; other buffers and numbers are copied whole.
   *
   * @throws InvalidInputException if the other is not an instance of the same method, or a row does
   *     not exist
   */
  public void copyStateFrom(Method other, int... rowMap) {
    for (int row : rowMap) {
      if (row < 0 || row >= rowMap.length) {
        throw new InvalidInputException(
            "method '" + name() + "'", "rowMap", "rows below " + rowMap.length, "" + row);
      }
    }
    copyState(other, rowMap.clone());
  }

  /**
   * Copies the state of another instance of the same method, but of key-value caches only what was
   * filled: those with a place for each of {@code capacity} tokens, which all their writers name by
   * index. What lies beyond stays as it is here. Other state is copied whole.
   *
   * @param capacity how many tokens the caches hold
   * @param filled how many of them, from the first one on, are copied
   * @throws InvalidInputException if the other is not another instance of the same method, or
   *     {@code filled} is beyond the capacity
   */
  public void copyFilledStateFrom(Method other, int capacity, int filled) {
    requireAlike(other);
    if (other == this || filled < 0 || filled > capacity) {
      throw new InvalidInputException(
          "method '" + name() + "'",
          "filled",
          "0 to " + capacity + ", of another instance",
          other == this ? "this instance" : "" + filled);
    }
    enter("copyFilledStateFrom");
    try {
      other.enter("copyFilledStateFrom");
      try {
        MutableState.copyFilled(program.contents(), other.bound, bound, capacity, filled);
      } finally {
        other.leave();
      }
    } finally {
      leave();
    }
  }

  private void copyState(Method other, int @Nullable [] rowMap) {
    requireAlike(other);
    enter("copyStateFrom");
    try {
      if (other != this) {
        other.enter("copyStateFrom");
      }
      try {
        MutableState.copy(program.contents(), other.bound, bound, rowMap);
      } finally {
        if (other != this) {
          other.leave();
        }
      }
    } finally {
      leave();
    }
  }

  private void requireAlike(Method other) {
    if (other.program != program || other.planIndex != planIndex) {
      throw new InvalidInputException(
          "method '" + name() + "'",
          "other",
          "an instance of the same method of the same program",
          "method '" + other.name() + "' of " + other.program.name());
    }
  }

  private void run() {
    context.clearCancelled();
    ExecuteEvent event = new ExecuteEvent();
    event.begin();
    boolean completed = false;
    try {
      runChains();
      completed = true;
    } finally {
      event.commit(program.name(), name(), completed);
    }
  }

  private void runChains() {
    long budget = instructionLimit;
    EventTracer listener = tracer;
    if (listener != null) {
      listener.started(name());
    }
    boolean timed = listener != null || InstructionEvent.isRecorded();
    long start = listener == null ? 0 : System.nanoTime();
    for (BoundChain chain : bound.chains()) {
      budget = timed ? runTimed(chain, budget, listener) : run(chain, budget);
    }
    if (listener != null) {
      listener.method(name(), start, System.nanoTime());
    }
  }

  private long run(BoundChain chain, long budget) {
    Step[] steps = chain.steps();
    long left = budget;
    int at = 0;
    try {
      while (at < steps.length) {
        if (left-- == 0 || context.isCancelled()) {
          throw stopped(left < 0);
        }
        context.setNext(at + 1);
        steps[at].run(context);
        at = context.next();
      }
      return left;
    } catch (RuntimeException | VirtualMachineError e) {
      throw failed(chain.instructions()[at], e);
    }
  }

  private long runTimed(BoundChain chain, long budget, @Nullable EventTracer listener) {
    Step[] steps = chain.steps();
    long left = budget;
    int at = 0;
    try {
      while (at < steps.length) {
        if (left-- == 0 || context.isCancelled()) {
          throw stopped(left < 0);
        }
        context.setNext(at + 1);
        context.enter(chain.instructions()[at]);
        InstructionEvent event = new InstructionEvent();
        event.begin();
        long start = System.nanoTime();
        steps[at].run(context);
        if (listener != null) {
          listener.instruction(chain.instructions()[at], start, System.nanoTime());
        }
        event.commit(chain.instructions()[at]);
        at = context.next();
      }
      return left;
    } catch (RuntimeException | VirtualMachineError e) {
      throw failed(chain.instructions()[at], e);
    }
  }

  private OperatorFailure stopped(boolean exhausted) {
    return new OperatorFailure(
        exhausted
            ? "expected to end within "
                + instructionLimit
                + " instructions (LoadOptions.withInstructionLimit), found it still running"
            : "cancelled");
  }

  private SconceException failed(InstructionInfo instruction, Throwable cause) {
    if (cause instanceof SconceException typed) {
      return typed;
    }
    String reason =
        switch (cause) {
          case OperatorFailure failure -> String.valueOf(failure.getMessage());
          // Bounds and scopes of memory, overflow of sizes: values that no operator foresaw.
          case RuntimeException e when !bound.memory().isOpen() ->
              "expected an open method, found it closed during the execution";
          // What was to be computed is too large for the heap, or a mapped file was cut short.
          case OutOfMemoryError e -> "expected room on the Java heap (-Xmx), found " + e;
          default -> cause.toString();
        };
    return new ExecutionFailedException(
        instruction.method(), instruction.index(), instruction.name(), reason, cause);
  }

  private void enter(String call) {
    Thread caller = Thread.currentThread();
    Thread other = user.compareAndExchange(null, caller);
    if (other != null) {
      throw new InvalidInputException(
          "method '" + name() + "'",
          call,
          "one caller at a time",
          "a call while thread '"
              + other.getName()
              + "' is in another; give each its own Method"
              + " (Program.loadMethod, fork)");
    }
    if (!isOpen()) {
      user.set(null);
      throw new InvalidInputException(
          "method '" + name() + "'", call, "an open method", "a closed one");
    }
  }

  private void leave() {
    user.set(null);
  }

  private boolean isOpen() {
    return bound.memory().isOpen() && bound.arenas().isOpen();
  }

  /**
   * Gives the memory back; outputs that are views of it throw from then on. An execution in
   * progress in another thread fails. Idempotent.
   */
  @Override
  public void close() {
    program.forget(this);
    bound.memory().close();
    if (ownsArenas) {
      bound.arenas().close();
    }
  }
}
