package dev.sconce.runtime.internal.delegate;

import dev.sconce.runtime.internal.xnnpack.XnnpackDelegate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The delegates that programs may call. */
public final class DelegateRegistry {

  private static final DelegateRegistry STANDARD =
      new DelegateRegistry(List.of(new XnnpackDelegate()));

  private final List<Delegate> delegates;

  /** Creates a registry of the given delegates. */
  public DelegateRegistry(List<Delegate> delegates) {
    this.delegates = List.copyOf(delegates);
  }

  /** Returns the registry of all delegates that this runtime has. */
  public static DelegateRegistry standard() {
    return STANDARD;
  }

  /** Returns the delegate of an id, null if there is none. */
  public @Nullable Delegate find(String id) {
    for (Delegate delegate : delegates) {
      if (delegate.id().equals(id)) {
        return delegate;
      }
    }
    return null;
  }
}
