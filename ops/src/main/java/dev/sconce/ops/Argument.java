package dev.sconce.ops;

import java.util.Optional;

/**
 * One argument of an operator.
 *
 * @param name its name
 * @param type its type
 * @param defaultValue its value where a call gives none
 * @param keywordOnly whether it stands after {@code *}
 * @param alias its alias annotation
 */
public record Argument(
    String name,
    ArgumentType type,
    Optional<DefaultValue> defaultValue,
    boolean keywordOnly,
    Optional<Alias> alias) {

  /** Returns whether the operator writes to this argument. */
  public boolean isWritten() {
    return alias.isPresent() && alias.get().written();
  }

  /**
   * Returns whether this is an out argument: the caller provides the memory and the operator
   * provides the contents, as opposed to an argument that is read and changed.
   */
  public boolean isOut() {
    return keywordOnly && isWritten();
  }

  @Override
  public String toString() {
    String text = type.withAlias(alias.map(Alias::toString).orElse("")) + " " + name;
    return defaultValue.map(value -> text + "=" + value).orElse(text);
  }
}
