package dev.sconce.format.fuzz;

import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Blob;
import dev.sconce.format.Resources;
import dev.sconce.format.bpte.BundledProgramFile;
import dev.sconce.format.etdump.EtDumpFile;
import dev.sconce.format.npy.Npy;
import dev.sconce.format.ptd.PtdFile;
import dev.sconce.format.pte.BackendDelegate;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteCases;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteLayout;
import dev.sconce.format.safetensors.SafetensorsHeader;
import dev.sconce.format.xnnpack.XnnBlob;
import dev.sconce.format.xnnpack.XnnSeeds;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every format: a new one is a method and a line in {@link #all}. */
final class FuzzSubjects {

  private FuzzSubjects() {}

  static List<FuzzSubject> all() {
    return List.of(pte(), xnnpack(), ptd(), bpte(), etdump(), safetensors(), npy());
  }

  private static FuzzSubject pte() {
    List<byte[]> seeds = new ArrayList<>(PteCases.NAMES.stream().map(PteCases::bytes).toList());
    byte[] constants = PteCases.bytes("layout_short_header.pte");
    seeds.add(
        PteCases.withInlineConstants(
            PteFile.of(MemoryReader.of("seed", MemorySegment.ofArray(constants)))));
    return new FuzzSubject("pte", seeds, FuzzSubjects::readPte);
  }

  private static void readPte(MemoryReader bytes) {
    PteFile file = PteFile.of(bytes);
    for (int i = 0; i < file.program().segments().size(); i++) {
      file.segment(i);
    }
    for (ExecutionPlan plan : file.program().plans()) {
      for (BackendDelegate delegate : plan.delegates()) {
        file.delegateData(delegate);
      }
    }
    // What was accepted can also be written.
    PteLayout.of(file.program());
  }

  private static FuzzSubject xnnpack() {
    List<byte[]> seeds = new ArrayList<>(List.of(Resources.bytes("xnnpack/all-kinds.xnnpack")));
    seeds.addAll(XnnSeeds.all());
    return new FuzzSubject("xnnpack", seeds, bytes -> XnnBlob.write(XnnBlob.verify(bytes)));
  }

  private static FuzzSubject ptd() {
    List<byte[]> seeds =
        List.of(Resources.bytes("ptd/tensors.ptd"), Resources.bytes("ptd/delegate.ptd"));
    return new FuzzSubject("ptd", seeds, bytes -> touch(PtdFile.of(bytes).data().segments()));
  }

  private static FuzzSubject bpte() {
    List<byte[]> seeds = List.of(Resources.bytes("bpte/two-cases.bpte"));
    return new FuzzSubject("bpte", seeds, bytes -> readPte(BundledProgramFile.of(bytes).program()));
  }

  private static FuzzSubject etdump() {
    List<byte[]> seeds = List.of(Resources.bytes("etdump/portable.etdp"));
    return new FuzzSubject("etdump", seeds, bytes -> EtDumpFile.toBytes(EtDumpFile.read(bytes)));
  }

  private static FuzzSubject safetensors() {
    List<byte[]> seeds = List.of(Resources.bytes("safetensors/all-types.safetensors"));
    return new FuzzSubject("safetensors", seeds, SafetensorsHeader::read);
  }

  private static FuzzSubject npy() {
    List<byte[]> seeds =
        Stream.of("float32", "version-2", "fortran-big-endian-int16", "scalar")
            .map(name -> Resources.bytes("npy/" + name + ".npy"))
            .toList();
    return new FuzzSubject("npy", seeds, bytes -> Npy.toBytes(Npy.read(bytes)));
  }

  private static void touch(List<Blob> blobs) {
    for (Blob blob : blobs) {
      blob.memory().mismatch(blob.memory());
    }
  }
}
