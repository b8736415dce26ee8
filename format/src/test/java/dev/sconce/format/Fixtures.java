package dev.sconce.format;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder with many more files than the repository holds, named by the environment variable {@code
 * SCONCE_FIXTURES}; tests that need it are skipped without it.
 */
public final class Fixtures {

  private Fixtures() {}

  /**
   * Returns all files below the folder whose names end so; skips the test if there is no folder.
   */
  public static List<Path> files(String... endings) throws IOException {
    String folder = System.getenv("SCONCE_FIXTURES");
    assumeTrue(folder != null, "SCONCE_FIXTURES is not set");
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files
          .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
          .sorted()
          .toList();
    }
  }
}
