package dev.sconce.runtime.internal.recording;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A method was executed, to its end or not. */
@Name("dev.sconce.Execute")
@Label("Method Execution")
@Category("Sconce")
@StackTrace(false)
public final class ExecuteEvent extends Event {

  @Label("Program")
  String program = "";

  @Label("Method")
  String method = "";

  @Label("Completed")
  boolean completed;

  /** Ends the event, if anybody records it. */
  public void commit(String programName, String methodName, boolean toItsEnd) {
    if (shouldCommit()) {
      program = programName;
      method = methodName;
      completed = toItsEnd;
      commit();
    }
  }
}
