package dev.sconce.ops;

import java.util.Optional;

/**
 * One result of an operator.
 *
 * @param name its name, if it has one
 * @param type its type
 * @param alias its alias annotation; the result is then the argument of the same alias set
 */
public record Result(Optional<String> name, ArgumentType type, Optional<Alias> alias) {

  @Override
  public String toString() {
    String text = type.withAlias(alias.map(Alias::toString).orElse(""));
    return name.map(given -> text + " " + given).orElse(text);
  }
}
