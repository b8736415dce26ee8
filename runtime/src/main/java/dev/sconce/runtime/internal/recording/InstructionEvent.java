package dev.sconce.runtime.internal.recording;

import dev.sconce.runtime.InstructionInfo;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** One instruction took long. */
@Name("dev.sconce.Instruction")
@Label("Slow Instruction")
@Category("Sconce")
@Threshold("10 ms")
@StackTrace(false)
public final class InstructionEvent extends Event {

  @Label("Method")
  String method = "";

  @Label("Instruction")
  int instruction;

  @Label("Operator")
  String operator = "";

  /** Returns whether anybody records these events: instructions are timed only then. */
  public static boolean isRecorded() {
    return new InstructionEvent().isEnabled();
  }

  /** Ends the event, if it took long enough. */
  public void commit(InstructionInfo info) {
    if (shouldCommit()) {
      method = info.method();
      instruction = info.index();
      operator = info.name();
      commit();
    }
  }
}
