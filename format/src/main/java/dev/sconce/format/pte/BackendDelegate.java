package dev.sconce.format.pte;

import java.util.List;

/**
 * A subgraph that a backend executes.
 *
 * @param id the backend's name, for example {@code XnnpackBackend}
 * @param location where the backend's blob lies
 * @param index the index in {@link PteProgram#segments} or {@link PteProgram#inlineDelegateData}
 * @param compileSpecs options for the backend
 */
public record BackendDelegate(
    String id, DataLocation location, int index, List<CompileSpec> compileSpecs) {

  /** Copies the list. */
  public BackendDelegate {
    compileSpecs = List.copyOf(compileSpecs);
  }

  /** Where a delegate's blob lies. */
  public enum DataLocation implements SchemaEnum {
    /** In the program table. */
    INLINE(0),
    /** In a segment. */
    SEGMENT(1);

    private final int code;

    DataLocation(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }
}
