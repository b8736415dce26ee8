package dev.sconce.cli.internal.inspect;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.memory.MappedFile;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.bpte.BundledProgramFile;
import dev.sconce.format.etdump.EtDumpFile;
import dev.sconce.format.npy.Npy;
import dev.sconce.format.ptd.PtdFile;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.safetensors.SafetensorsHeader;
import dev.sconce.format.safetensors.SafetensorsIndex;
import dev.sconce.format.xnnpack.XnnBlob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reports what is inside a file of any format. */
public final class Inspector {

  /** What a checkpoint folder is inspected by; the first that is there. */
  private static final List<String> CHECKPOINTS =
      List.of("model.safetensors", "model.safetensors.index.json");

  private Inspector() {}

  /**
   * Reads a file and describes it.
   *
   * @param path the file, or a folder with a checkpoint
   * @throws IOException if it cannot be read
   * @throws dev.sconce.base.MalformedFileException if it breaks its format's rules
   * @throws InvalidInputException if the options ask for what the format does not have
   */
  public static Inspection inspect(Path path, InspectOptions options) throws IOException {
    Path file = Files.isDirectory(path) ? checkpoint(path) : path;
    try (MappedFile mapped = MappedFile.open(file)) {
      MemoryReader bytes = mapped.reader();
      FileFormat format = FileFormat.of(bytes);
      if (format != FileFormat.PTE && format != FileFormat.BPTE) {
        rejectMethods(format, options);
      }
      String name = file.toString();
      return switch (format) {
        case PTE -> {
          try (PteFile program = PteFile.of(bytes)) {
            yield ProgramPage.inspect(program, name, options);
          }
        }
        case BPTE -> {
          try (BundledProgramFile bundle = BundledProgramFile.of(bytes)) {
            yield BundlePage.inspect(bundle, name, bytes.size(), options);
          }
        }
        case PTD -> {
          try (PtdFile data = PtdFile.of(bytes)) {
            yield Inspection.of(PtdPage.of(data.data(), name, bytes.size()));
          }
        }
        case ETDUMP -> Inspection.of(EtDumpPage.of(EtDumpFile.read(bytes), name, bytes.size()));
        case XNNPACK -> Inspection.of(XnnPages.page(name, bytes.size(), XnnBlob.verify(bytes)));
        case SAFETENSORS ->
            Inspection.of(SafetensorsPage.of(SafetensorsHeader.read(bytes), name, bytes.size()));
        case SAFETENSORS_INDEX ->
            Inspection.of(IndexPage.of(SafetensorsIndex.read(file), file, bytes.size()));
        case NPY -> Inspection.of(NpyPage.of(Npy.read(bytes), name, bytes.size()));
      };
    }
  }

  private static Path checkpoint(Path folder) throws IOException {
    for (String name : CHECKPOINTS) {
      if (Files.isRegularFile(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw new NoSuchFileException(
        folder.resolve(CHECKPOINTS.getFirst()) + " (or " + CHECKPOINTS.getLast() + ")");
  }

  private static void rejectMethods(FileFormat format, InspectOptions options) {
    String method = options.method();
    if (method != null) {
      throw new InvalidInputException(
          "inspect", "--method", "a program, which has methods", format.key());
    }
    if (options.instructions()) {
      throw new InvalidInputException(
          "inspect", "--instructions", "a program, which has instructions", format.key());
    }
  }
}
