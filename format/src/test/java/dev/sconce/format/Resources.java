package dev.sconce.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files beside the tests' classes. */
public final class Resources {

  private Resources() {}

  /** Returns the bytes of a resource of this module's tests, such as {@code npy/bool.npy}. */
  public static byte[] bytes(String name) {
    try (InputStream in = Resources.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies a resource into a folder and returns the file. */
  public static Path copy(String name, Path folder) {
    Path file = folder.resolve(Path.of(name).getFileName().toString());
    try {
      return Files.write(file, bytes(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
