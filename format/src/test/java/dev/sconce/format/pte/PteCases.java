package dev.sconce.format.pte;

import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Programs that the official exporter wrote. */
public final class PteCases {

  /** Small programs of every kind of layout and value. */
  public static final List<String> NAMES =
      List.of(
          "constant_methods.pte",
          "data_all_external.pte",
          "layout_delegate_inline.pte",
          "layout_short_header.pte",
          "memory_all_planned.pte",
          "nested_containers.pte",
          "state_initialised.pte");

  private PteCases() {}

  public static byte[] bytes(String name) {
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

  /** The bytes of a program that has no data in segments. */
  static byte[] table(PteProgram program) {
    return PteLayout.of(program).table().toArray(ValueLayout.JAVA_BYTE);
  }

  /** The program as files before September 2024 held it: without segments, and without header. */
  public static byte[] withInlineConstants(PteFile file) {
    PteProgram program = file.program();
    SubsegmentOffsets constants = Objects.requireNonNull(program.constantSegment());
    MemorySegment segment = file.segment(constants.segmentIndex());
    List<Blob> inline = new ArrayList<>();
    for (int i = 0; i < constants.offsets().size(); i++) {
      long start = constants.offsets().at(i);
      boolean last = i + 1 == constants.offsets().size();
      long end = last ? segment.byteSize() : constants.offsets().at(i + 1);
      inline.add(Blob.of(segment.asSlice(start, end - start)));
    }
    return table(
        new PteProgram(
            HeaderForm.NONE,
            program.version(),
            program.plans(),
            inline,
            List.of(),
            List.of(),
            null,
            List.of(),
            List.of()));
  }

  /** All programs below the folder that SCONCE_FIXTURES names. */
  static List<Path> fixtures() throws IOException {
    try (Stream<Path> walk = Files.walk(Path.of(System.getenv("SCONCE_FIXTURES")))) {
      return walk.filter(path -> path.toString().endsWith(".pte")).sorted().toList();
    }
  }
}
