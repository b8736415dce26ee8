package dev.sconce.cli.internal.inspect;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.pte.BackendDelegate;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.xnnpack.XnnBlob;
import dev.sconce.format.xnnpack.XnnGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The blobs of a program's delegates, each once, however many delegates share it; those of XNNPACK
 * are read.
 */
public final class DelegateBlobs {

  /** The name of the XNNPACK backend in programs. */
  public static final String XNNPACK = "XnnpackBackend";

  /**
   * A blob.
   *
   * @param index its number in the report
   * @param id the backend's name
   * @param inline whether it lies in the program table
   * @param place the index of its segment or inline data
   * @param bytes its bytes
   * @param graph what it says, if it is XNNPACK's
   * @param problem why it could not be read
   */
  public record DelegateBlob(
      int index,
      String id,
      boolean inline,
      int place,
      MemoryReader bytes,
      @Nullable XnnGraph graph,
      @Nullable MalformedFileException problem) {}

  private record Key(String id, BackendDelegate.DataLocation location, int index) {}

  private final Map<Key, DelegateBlob> byKey = new HashMap<>();
  private final List<DelegateBlob> blobs = new ArrayList<>();

  /** Reads the blobs that some methods of a program use. */
  public DelegateBlobs(PteFile file, List<ExecutionPlan> plans) {
    for (ExecutionPlan plan : plans) {
      for (BackendDelegate delegate : plan.delegates()) {
        if (!byKey.containsKey(key(delegate))) {
          DelegateBlob blob = read(file, delegate);
          byKey.put(key(delegate), blob);
          blobs.add(blob);
        }
      }
    }
  }

  private DelegateBlob read(PteFile file, BackendDelegate delegate) {
    MemoryReader bytes = file.delegateData(delegate);
    XnnGraph graph = null;
    MalformedFileException problem = null;
    if (delegate.id().equals(XNNPACK)) {
      try {
        graph = XnnBlob.verify(bytes);
      } catch (MalformedFileException e) {
        problem = e;
      }
    }
    boolean inline = delegate.location() == BackendDelegate.DataLocation.INLINE;
    return new DelegateBlob(
        blobs.size(), delegate.id(), inline, delegate.index(), bytes, graph, problem);
  }

  private static Key key(BackendDelegate delegate) {
    return new Key(delegate.id(), delegate.location(), delegate.index());
  }

  /** Returns all blobs in the order of their first use. */
  public List<DelegateBlob> all() {
    return blobs;
  }

  /** Returns the blob of a delegate. */
  public DelegateBlob of(BackendDelegate delegate) {
    DelegateBlob blob = byKey.get(key(delegate));
    if (blob == null) {
      throw new IllegalArgumentException("a delegate of another method: " + delegate);
    }
    return blob;
  }
}
