package dev.sconce.ops;

import dev.sconce.base.MalformedFileException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The operators that programs may call, by full name; immutable. */
public final class OperatorCatalogue {

  private static final String RESOURCE = "catalogue.txt";

  private final Map<String, OperatorSchema> schemas;

  private OperatorCatalogue(Map<String, OperatorSchema> schemas) {
    this.schemas = Collections.unmodifiableMap(schemas);
  }

  /** Returns the catalogue of everything the official runtime registers. Parsed on first use. */
  public static OperatorCatalogue standard() {
    return Standard.CATALOGUE;
  }

  private static final class Standard {
    static final OperatorCatalogue CATALOGUE = load();
  }

  private static OperatorCatalogue load() {
    try (InputStream in = OperatorCatalogue.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the jar");
      }
      return parse(RESOURCE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a catalogue: one schema a line; empty lines and lines that start with {@code #} are
   * skipped.
   *
   * @param file the name that errors show
   * @param text the catalogue
   * @throws MalformedFileException if a line is no schema or names an operator again
   */
  public static OperatorCatalogue parse(String file, String text) {
    Map<String, OperatorSchema> schemas = new LinkedHashMap<>();
    int number = 0;
    for (String line : text.split("\\R", -1)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      OperatorSchema schema = new SchemaParser(file, number, line).schema();
      if (schemas.putIfAbsent(schema.fullName(), schema) != null) {
        throw new MalformedFileException(
            file, -1, "line " + number, "an operator not named before", schema.fullName());
      }
    }
    return new OperatorCatalogue(schemas);
  }

  /** Returns the schema of an operator, for example of {@code aten::add.out}. */
  public Optional<OperatorSchema> find(String fullName) {
    return Optional.ofNullable(schemas.get(fullName));
  }

  /**
   * Returns the schema of an operator that must be there.
   *
   * @throws IllegalArgumentException if the catalogue does not have it
   */
  public OperatorSchema get(String fullName) {
    return find(fullName)
        .orElseThrow(() -> new IllegalArgumentException("no operator " + fullName));
  }

  /** Returns every schema, in the order of the text. */
  public Collection<OperatorSchema> schemas() {
    return schemas.values();
  }
}
