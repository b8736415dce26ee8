package dev.sconce.format.xnnpack;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.MemoryReader;
import java.lang.foreign.MemorySegment;

/** Reads, verifies and writes the blobs of the XNNPACK backend. */
public final class XnnBlob {

  private XnnBlob() {}

  /**
   * Reads a blob: offsets, tables and enums are checked, what they say is not; see {@link #verify}.
   * Constants inside are views of the given memory.
   *
   * @throws MalformedFileException if the blob is no well-formed graph
   */
  public static XnnGraph read(MemoryReader blob) {
    return XnnReader.read(blob, null);
  }

  /**
   * Reads a blob and verifies the graph, so that it may be executed.
   *
   * @throws MalformedFileException if the blob is no well-formed graph or breaks one of its rules
   */
  public static XnnGraph verify(MemoryReader blob) {
    XnnGraph graph = read(blob);
    new XnnVerifier(blob, graph).verify();
    return graph;
  }

  /**
   * Returns a graph as a blob. Constants inside follow each other at multiples of 16 bytes; equal
   * graphs give equal bytes.
   *
   * @throws InvalidInputException if the blob would take 2 GB, or a blob without a header would
   *     need named constants
   */
  public static MemorySegment write(XnnGraph graph) {
    return XnnWriter.write(graph);
  }
}
