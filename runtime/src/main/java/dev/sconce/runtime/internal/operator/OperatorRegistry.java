package dev.sconce.runtime.internal.operator;

import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The operators that programs may call, by full name. Threads may share it.
 *
 * <p>Families are asked one after the other until one has the operator: a program needs a few of
 * them, and what a family's table costs in a cold JVM is most of what binding a small program
 * costs.
 */
public final class OperatorRegistry {

  private static final OperatorRegistry STANDARD = of(OperatorFamilies.ALL);

  private final Map<String, OperatorImplementation> implementations = new HashMap<>();
  private final Iterator<OperatorFamily> families;

  private OperatorRegistry(List<OperatorFamily> families) {
    this.families = families.iterator();
  }

  /** Returns the registry of all operators that this runtime has. */
  public static OperatorRegistry standard() {
    return STANDARD;
  }

  /** Returns a registry of the given families. */
  public static OperatorRegistry of(List<OperatorFamily> families) {
    return new OperatorRegistry(List.copyOf(families));
  }

  /** Returns an operator's implementation, null if there is none. */
  public synchronized @Nullable OperatorImplementation find(String name) {
    while (!implementations.containsKey(name) && families.hasNext()) {
      families.next().addTo(this::add);
    }
    return implementations.get(name);
  }

  /**
   * Returns the full names of all operators, sorted.
   *
   * @throws IllegalStateException if two families have the same operator
   */
  public synchronized Set<String> names() {
    families.forEachRemaining(family -> family.addTo(this::add));
    return Collections.unmodifiableSet(new TreeSet<>(implementations.keySet()));
  }

  private void add(String name, OperatorImplementation implementation) {
    if (implementations.putIfAbsent(name, implementation) != null) {
      throw new IllegalStateException("operator " + name + " is registered twice");
    }
  }
}
