package dev.sconce.graph.emit;

import dev.sconce.format.Ints;
import dev.sconce.format.pte.PteValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The values of a method; constants that compare equal are one value, as nothing writes them. */
final class ValueTable {

  private final List<PteValue> values = new ArrayList<>();
  private final Map<PteValue, Integer> constants = new HashMap<>();

  /** Adds a value that instructions may write. */
  int add(PteValue value) {
    values.add(value);
    return values.size() - 1;
  }

  /** Returns the index of a value that nothing writes. */
  int constant(PteValue value) {
    Integer known = constants.get(value);
    if (known != null) {
      return known;
    }
    int index = add(value);
    constants.put(value, index);
    return index;
  }

  int none() {
    return constant(new PteValue.NullValue());
  }

  int tensorList(int... tensors) {
    return constant(new PteValue.TensorListValue(Ints.of(tensors)));
  }

  List<PteValue> values() {
    return values;
  }
}
