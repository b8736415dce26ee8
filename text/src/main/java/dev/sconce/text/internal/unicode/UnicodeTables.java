package dev.sconce.text.internal.unicode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The character tables of the reference libraries (see {@code interop/make_unicode_tables.py}).
 *
 * <p>The JDK's own tables are of another Unicode version, and of another one in every release; a
 * tokenizer must give the same ids everywhere. The file is read once, each table is decoded when it
 * is first asked for.
 */
public final class UnicodeTables {

  private static final int LIMIT = Character.MAX_CODE_POINT + 1;
  private static final String RESOURCE = "tables.txt";

  private final Map<String, String> payloads;
  private final Map<String, CodePointSet> sets = new ConcurrentHashMap<>();
  private final Map<String, CodePointTable> tables = new ConcurrentHashMap<>();
  private final Map<String, Map<Integer, int[]>> maps = new ConcurrentHashMap<>();

  private UnicodeTables(Map<String, String> payloads) {
    this.payloads = payloads;
  }

  /** Returns the tables. */
  public static UnicodeTables get() {
    return Holder.TABLES;
  }

  /** Returns a set of code points by its name in the file. */
  public CodePointSet set(String name) {
    return sets.computeIfAbsent(name, key -> decodeSet(payload(key)));
  }

  /** Returns a set of code points, if the file has one of that name. */
  public Optional<CodePointSet> findSet(String name) {
    return payloads.containsKey(name) ? Optional.of(set(name)) : Optional.empty();
  }

  /** Returns a table of values by its name in the file. */
  public CodePointTable table(String name) {
    return tables.computeIfAbsent(name, key -> decodeRuns(payload(key)));
  }

  /** Returns a map from code points to sequences of them by its name in the file. */
  public Map<Integer, int[]> map(String name) {
    return maps.computeIfAbsent(name, key -> decodeMap(payload(key)));
  }

  private String payload(String name) {
    return Objects.requireNonNull(payloads.get(name), name);
  }

  // set<TAB>lengths in base 36, alternating, starting outside the set
  private static CodePointSet decodeSet(String payload) {
    String[] runs = payload.split("\t", -1)[1].split(" ", -1);
    int[] borders = new int[runs.length];
    int at = 0;
    for (int i = 0; i < runs.length; i++) {
      at += Integer.parseInt(runs[i], 36);
      borders[i] = at;
    }
    // The last run ends at the limit: a border only if it was a run of members.
    int n = runs.length % 2 == 0 ? runs.length : runs.length - 1;
    return CodePointRanges.ofBorders(Arrays.copyOf(borders, n)).toSet();
  }

  // runs<TAB>names,…<TAB>length value length value … in base 36
  private static CodePointTable decodeRuns(String payload) {
    String[] parts = payload.split("\t", -1);
    String[] runs = parts[2].split(" ", -1);
    byte[] values = new byte[LIMIT];
    int at = 0;
    for (int i = 0; i < runs.length; i += 2) {
      int end = at + Integer.parseInt(runs[i], 36);
      Arrays.fill(values, at, end, (byte) Integer.parseInt(runs[i + 1], 36));
      at = end;
    }
    return new CodePointTable(List.of(parts[1].split(",")), values);
  }

  // map<TAB>key=value.value … in base 36
  private static Map<Integer, int[]> decodeMap(String payload) {
    Map<Integer, int[]> map = new HashMap<>();
    for (String entry : payload.split("\t", -1)[1].split(" ", -1)) {
      int equals = entry.indexOf('=');
      String value = entry.substring(equals + 1);
      int[] codePoints =
          value.isEmpty()
              ? new int[0]
              : Arrays.stream(value.split("\\.")).mapToInt(x -> Integer.parseInt(x, 36)).toArray();
      map.put(Integer.parseInt(entry.substring(0, equals), 36), codePoints);
    }
    return Map.copyOf(map);
  }

  private static UnicodeTables read() {
    try (InputStream in =
            Objects.requireNonNull(UnicodeTables.class.getResourceAsStream(RESOURCE), RESOURCE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      Map<String, String> payloads = new HashMap<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          int tab = line.indexOf('\t');
          payloads.put(line.substring(0, tab), line.substring(tab + 1));
        }
      }
      return new UnicodeTables(Map.copyOf(payloads));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loads the tables when they are first needed. */
  private static final class Holder {
    private static final UnicodeTables TABLES = read();

    private Holder() {}
  }
}
