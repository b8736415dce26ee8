package dev.sconce.runtime.internal.operator;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The operators that programs may call, by full name. Immutable. */
public final class OperatorRegistry {

  private static final OperatorRegistry STANDARD = of(OperatorFamilies.ALL);

  private final Map<String, OperatorImplementation> implementations;

  private OperatorRegistry(Map<String, OperatorImplementation> implementations) {
    this.implementations = implementations;
  }

  /** Returns the registry of all operators that this runtime has. */
  public static OperatorRegistry standard() {
    return STANDARD;
  }

  /** Returns a registry of the given families. */
  public static OperatorRegistry of(List<OperatorFamily> families) {
    Map<String, OperatorImplementation> map = new HashMap<>();
    OperatorTable table =
        (name, implementation) -> {
          if (map.putIfAbsent(name, implementation) != null) {
            throw new IllegalStateException("operator " + name + " is registered twice");
          }
        };
    families.forEach(family -> family.addTo(table));
    return new OperatorRegistry(Map.copyOf(map));
  }

  /** Returns an operator's implementation, null if there is none. */
  public @Nullable OperatorImplementation find(String name) {
    return implementations.get(name);
  }

  /** Returns the full names of all operators, sorted. */
  public Set<String> names() {
    return Collections.unmodifiableSet(new TreeSet<>(implementations.keySet()));
  }
}
