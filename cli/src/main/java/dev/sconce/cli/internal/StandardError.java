package dev.sconce.cli.internal;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Undoes what the launcher did to standard error.
 *
 * <p>While the JVM boots it prints a line about the incubator module that no option silences, so
 * the launcher gives it a filtering pipe as descriptor 2 and the true standard error as another,
 * named by the property {@code sconce.stderr}. One {@code dup2} puts the true one in its place:
 * from then on standard error is a terminal if it was one, in order with standard output, and as
 * unfiltered as in any program. Without the property nothing happens.
 */
public final class StandardError {

  private static final int STDERR = 2;

  private StandardError() {}

  /** Makes the true standard error descriptor 2 again. */
  @SuppressWarnings("restricted") // the launcher grants native access
  public static void restore() {
    Integer inherited = Integer.getInteger("sconce.stderr");
    if (inherited == null) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle dup2 =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("dup2"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      int _ = (int) dup2.invokeExact(inherited.intValue(), STDERR);
    } catch (Throwable e) {
      throw new IllegalStateException("dup2 cannot be called", e);
    }
  }
}
