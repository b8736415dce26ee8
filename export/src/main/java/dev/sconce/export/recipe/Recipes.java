package dev.sconce.export.recipe;

import dev.sconce.base.ExportException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The recipes that are there: Sconce's own, and those of other modules. */
public final class Recipes {

  private Recipes() {}

  /** Returns all recipes. */
  public static List<Recipe> all() {
    List<Recipe> all = new ArrayList<>(List.of(new Recipe.Xnnpack(), new Recipe.Portable()));
    ServiceLoader.load(Recipe.class).forEach(all::add);
    return all;
  }

  /**
   * Returns the recipe of a name.
   *
   * @throws ExportException if there is none
   */
  public static Recipe named(String name) {
    return all().stream()
        .filter(recipe -> recipe.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ExportException(
                    "recipe '" + name + "'",
                    "supported are "
                        + all().stream().map(Recipe::name).collect(Collectors.joining(", "))));
  }
}
