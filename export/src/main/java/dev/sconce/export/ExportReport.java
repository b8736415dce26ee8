package dev.sconce.export;

import dev.sconce.graph.xnnpack.XnnpackPartitioner.Leftover;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an export did.
 *
 * @param file the file that was written
 * @param bytes its size
 * @param nodes how many steps its methods have
 * @param delegates how many of them are delegate calls
 * @param quantized what was quantised
 * @param floating linear layers that stay floating because no scheme fits their width
 * @param leftovers calls that stayed outside of backends, each with the reason
 * @param warnings what the program lacks that one would expect of it, each with the reason
 * @param check how near the program comes to a reference, if that was asked for
 */
public record ExportReport(
    Path file,
    long bytes,
    int nodes,
    int delegates,
    List<Quantized> quantized,
    List<String> floating,
    List<Leftover> leftovers,
    List<String> warnings,
    Optional<SelfCheck> check) {

  /** Copies the lists. */
  public ExportReport {
    quantized = List.copyOf(quantized);
    floating = List.copyOf(floating);
    leftovers = List.copyOf(leftovers);
    warnings = List.copyOf(warnings);
  }

  /** Returns this report of a file that was moved after it was checked. */
  ExportReport with(Path newFile, SelfCheck result) {
    return new ExportReport(
        newFile,
        bytes,
        nodes,
        delegates,
        quantized,
        floating,
        leftovers,
        warnings,
        Optional.of(result));
  }

  /**
   * A weight that was quantised.
   *
   * @param name its name in the checkpoint
   * @param scheme the scheme in words
   * @param bytes the size of integers and scales
   * @param relativeError the root of the squared errors over the squared weights
   */
  public record Quantized(String name, String scheme, long bytes, double relativeError) {}
}
