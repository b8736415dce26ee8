package dev.sconce.cli.internal;

import dev.sconce.format.Blob;
import dev.sconce.format.bpte.BundledProgramFile;
import dev.sconce.format.etdump.EtDumpFile;
import dev.sconce.format.ptd.PtdFile;
import dev.sconce.format.pte.BackendDelegate;
import dev.sconce.format.pte.DataSegment;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteFileWriter;
import dev.sconce.format.pte.PteLayout;
import dev.sconce.format.pte.PteProgram;
import dev.sconce.format.safetensors.SafetensorsFile;
import dev.sconce.format.safetensors.SafetensorsWriter;
import dev.sconce.format.safetensors.TensorInfo;
import dev.sconce.format.safetensors.TensorSpec;
import dev.sconce.format.xnnpack.XnnBlob;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads files of every format and writes them again: what comes out must mean the same. */
public final class Rewriter {

  /** The formats, by the ends of their files' names. */
  public static final List<String> ENDINGS =
      List.of(".pte", ".ptd", ".bpte", ".etdp", ".safetensors");

  private static final String XNNPACK = "XnnpackBackend";

  private final boolean blobs;

  /**
   * Creates a rewriter.
   *
   * @param blobs whether XNNPACK blobs inside programs are read and written, too, not copied
   */
  public Rewriter(boolean blobs) {
    this.blobs = blobs;
  }

  /** Returns whether a file is of a format that can be rewritten. */
  public static boolean canRewrite(Path file) {
    return ENDINGS.stream().anyMatch(ending -> file.toString().endsWith(ending));
  }

  /**
   * Rewrites a file.
   *
   * @throws IOException if it cannot be read or written
   */
  public void rewrite(Path in, Path out) throws IOException {
    String name = in.toString();
    if (name.endsWith(".ptd")) {
      try (PtdFile file = PtdFile.open(in)) {
        PtdFile.write(out, file.data());
      }
    } else if (name.endsWith(".bpte")) {
      try (BundledProgramFile file = BundledProgramFile.open(in)) {
        BundledProgramFile.write(out, file.bundle());
      }
    } else if (name.endsWith(".etdp")) {
      EtDumpFile.write(out, EtDumpFile.read(in));
    } else if (name.endsWith(".safetensors")) {
      safetensors(in, out);
    } else {
      try (PteFile file = PteFile.open(in)) {
        if (blobs) {
          withNewBlobs(file, out);
        } else {
          PteFileWriter.rewrite(file, out);
        }
      }
    }
  }

  private static void safetensors(Path in, Path out) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(in)) {
      List<TensorInfo> tensors = file.header().tensors();
      List<TensorSpec> specs = tensors.stream().map(TensorSpec::of).toList();
      try (SafetensorsWriter writer = SafetensorsWriter.create(out, specs, file.metadata())) {
        for (TensorInfo tensor : tensors) {
          writer.write(tensor.name(), file.data(tensor.name()));
        }
        writer.finish();
      }
    }
  }

  /** Copies a program, but for its XNNPACK blobs, which are read, verified and written. */
  private static void withNewBlobs(PteFile file, Path out) throws IOException {
    PteProgram program = file.program();
    Map<Integer, MemorySegment> segments = new HashMap<>();
    List<Blob> inline = new ArrayList<>(program.inlineDelegateData());
    for (ExecutionPlan plan : program.plans()) {
      for (BackendDelegate delegate : plan.delegates()) {
        if (delegate.id().equals(XNNPACK)) {
          MemorySegment blob = XnnBlob.write(XnnBlob.verify(file.delegateData(delegate)));
          switch (delegate.location()) {
            case SEGMENT -> segments.put(delegate.index(), blob);
            case INLINE -> inline.set(delegate.index(), Blob.of(blob));
          }
        }
      }
    }
    List<DataSegment> places = new ArrayList<>();
    long end = 0;
    int alignment = PteLayout.SEGMENT_ALIGNMENT;
    for (int i = 0; i < program.segments().size(); i++) {
      MemorySegment blob = segments.get(i);
      long size = blob == null ? program.segments().get(i).size() : blob.byteSize();
      long start = size == 0 ? end : Math.ceilDiv(end, alignment) * alignment;
      places.add(new DataSegment(start, size));
      end = start + size;
    }
    PteProgram changed =
        new PteProgram(
            program.header(),
            program.version(),
            program.plans(),
            program.inlineConstants(),
            inline,
            places,
            program.constantSegment(),
            program.mutableDataSegments(),
            program.namedData());
    try (PteFileWriter writer = PteFileWriter.create(out, PteLayout.of(changed, alignment))) {
      for (int i = 0; i < places.size(); i++) {
        MemorySegment blob = segments.get(i);
        writer.write(i, blob == null ? file.segment(i) : blob);
      }
      writer.finish();
    }
  }
}
