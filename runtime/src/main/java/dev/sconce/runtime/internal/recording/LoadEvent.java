package dev.sconce.runtime.internal.recording;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A method was loaded: its instructions bound, the weights of its delegates packed. */
@Name("dev.sconce.Load")
@Label("Method Load")
@Category("Sconce")
@Description("A method of a program was bound; the weights of its delegates were packed")
@StackTrace(false)
public final class LoadEvent extends Event {

  @Label("Program")
  String program = "";

  @Label("Method")
  String method = "";

  @Label("Program Size")
  @DataAmount
  long size;

  /** Ends the event, if anybody records it. */
  public void commit(String programName, String methodName, long programSize) {
    if (shouldCommit()) {
      program = programName;
      method = methodName;
      size = programSize;
      commit();
    }
  }
}
