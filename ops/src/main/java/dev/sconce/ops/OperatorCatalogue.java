package dev.sconce.ops;

import dev.sconce.base.MalformedFileException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The operators that programs may call, by full name; immutable.
 *
 * <p>The standard catalogue parses a schema when somebody asks for it: a program calls a dozen
 * operators of some three hundred.
 */
public final class OperatorCatalogue {

  private static final String RESOURCE = "catalogue.txt";

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private OperatorCatalogue() {}

  /** A line of the text, and what it means once somebody has asked. */
  private static final class Entry {

    private final SchemaParser parser;
    private @Nullable OperatorSchema schema;

    Entry(String file, int number, String line) {
      this.parser = new SchemaParser(file, number, line);
    }

    synchronized OperatorSchema schema() {
      if (schema == null) {
        schema = parser.schema();
      }
      return schema;
    }
  }

  /** Returns the catalogue of everything the official runtime registers. Read on first use. */
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
      OperatorCatalogue catalogue = new OperatorCatalogue();
      catalogue.addLines(RESOURCE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      return catalogue;
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
    OperatorCatalogue catalogue = new OperatorCatalogue();
    catalogue.addLines(file, text);
    catalogue.entries.values().forEach(Entry::schema);
    return catalogue;
  }

  private void addLines(String file, String text) {
    int number = 0;
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf('\n', at);
      String line = text.substring(at, end < 0 ? text.length() : end).strip();
      at = end < 0 ? text.length() : end + 1;
      number++;
      if (!line.isEmpty() && !line.startsWith("#")) {
        add(file, number, line);
      }
    }
  }

  private void add(String file, int number, String line) {
    int end = line.indexOf('(');
    String fullName = line.substring(0, end < 0 ? line.length() : end).strip();
    if (entries.putIfAbsent(fullName, new Entry(file, number, line)) != null) {
      throw new MalformedFileException(
          file, -1, "line " + number, "an operator not named before", fullName);
    }
  }

  /** Returns the schema of an operator, for example of {@code aten::add.out}. */
  public Optional<OperatorSchema> find(String fullName) {
    return Optional.ofNullable(entries.get(fullName)).map(Entry::schema);
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
    return entries.values().stream().map(Entry::schema).toList();
  }
}
