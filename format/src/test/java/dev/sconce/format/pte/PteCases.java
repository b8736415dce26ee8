package dev.sconce.format.pte;

import dev.sconce.base.memory.MemoryReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Programs that the official exporter wrote. */
final class PteCases {

  /** Small programs of every kind of layout and value. */
  static final List<String> NAMES =
      List.of(
          "constant_methods.pte",
          "data_all_external.pte",
          "layout_delegate_inline.pte",
          "layout_short_header.pte",
          "memory_all_planned.pte",
          "nested_containers.pte",
          "state_initialised.pte");

  private PteCases() {}

  static byte[] bytes(String name) {
    try (InputStream in = PteCases.class.getResourceAsStream("cases/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PteFile open(String name) {
    return of(name, bytes(name));
  }

  static PteFile of(String name, byte[] bytes) {
    return PteFile.of(MemoryReader.of(name, MemorySegment.ofArray(bytes)));
  }

  /** All programs below the folder that SCONCE_FIXTURES names. */
  static List<Path> fixtures() throws IOException {
    try (Stream<Path> walk = Files.walk(Path.of(System.getenv("SCONCE_FIXTURES")))) {
      return walk.filter(path -> path.toString().endsWith(".pte")).sorted().toList();
    }
  }
}
