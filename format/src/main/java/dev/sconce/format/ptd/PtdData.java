package dev.sconce.format.ptd;

import dev.sconce.format.Blob;
import java.util.List;

/**
 * What a {@code .ptd} file holds.
 *
 * @param segments the data; of an opened file, views of it
 * @param entries the names of the data
 */
public record PtdData(List<Blob> segments, List<PtdEntry> entries) {

  /** Creates the record with copies of the lists. */
  public PtdData {
    segments = List.copyOf(segments);
    entries = List.copyOf(entries);
  }
}
