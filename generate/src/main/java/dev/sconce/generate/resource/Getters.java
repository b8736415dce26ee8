package dev.sconce.generate.resource;

import dev.sconce.base.DType;
import dev.sconce.base.InvalidInputException;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads constant methods of a program; what a program does not have is empty. */
public final class Getters {

  private final PteModule module;

  /** Creates a reader of a program, which stays the caller's. */
  public Getters(PteModule module) {
    this.module = module;
  }

  /** Returns whether the program has a constant method of a name. */
  public boolean has(String name) {
    return module.methodNames().contains(name) && module.metadata(name).isConstant();
  }

  private List<EValue> values(String name) {
    return has(name) ? List.of(module.execute(name)) : List.of();
  }

  /** Returns the first integer of a constant method; a double that is one counts. */
  public OptionalInt integer(String name) {
    List<Integer> all = integers(name);
    return all.isEmpty() ? OptionalInt.empty() : OptionalInt.of(all.getFirst());
  }

  /**
   * Returns the integers of a constant method; doubles that are integers count.
   *
   * @throws InvalidInputException if it returns something else
   */
  public List<Integer> integers(String name) {
    List<Integer> all = new ArrayList<>();
    for (EValue value : values(name)) {
      double number =
          switch (value) {
            case EValue.OfInt(long integer) -> integer;
            case EValue.OfDouble(double real) -> real;
            default -> throw wrong(name, "an integer", value.describe());
          };
      if (number != (int) number) {
        throw wrong(name, "an integer of 32 bits", "" + number);
      }
      all.add((int) number);
    }
    return all;
  }

  /**
   * Returns the flag of a constant method; numbers other than 0 count as true.
   *
   * @throws InvalidInputException if it returns something else
   */
  public Optional<Boolean> flag(String name) {
    List<EValue> all = values(name);
    if (all.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (all.getFirst()) {
          case EValue.OfBool(boolean bool) -> bool;
          case EValue.OfInt(long integer) -> integer != 0;
          case EValue value -> throw wrong(name, "a bool", value.describe());
        });
  }

  /**
   * Returns the strings of a constant method.
   *
   * @throws InvalidInputException if it returns something else
   */
  public List<String> strings(String name) {
    return values(name).stream()
        .map(
            value ->
                switch (value) {
                  case EValue.OfString(String string) -> string;
                  default -> throw wrong(name, "a string", value.describe());
                })
        .toList();
  }

  /**
   * Returns the bytes of a constant method, one array for each of its tensors.
   *
   * @throws InvalidInputException if it returns something else
   */
  public List<byte[]> blobs(String name) {
    List<byte[]> all = new ArrayList<>();
    for (EValue value : values(name)) {
      if (!(value instanceof EValue.OfTensor(var tensor)) || tensor.dtype() != DType.UINT8) {
        throw wrong(name, "a uint8 tensor", value.describe());
      }
      all.add(tensor.toByteArray());
    }
    return all;
  }

  private InvalidInputException wrong(String name, String expected, String found) {
    return new InvalidInputException(
        module.program().name() + ", method '" + name + "'", "output", expected, found);
  }
}
