package dev.sconce.format.fuzz;

import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.pte.BackendDelegate;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteCases;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteLayout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Every format: a new one is a method and a line in {@link #all}. */
final class FuzzSubjects {

  private FuzzSubjects() {}

  static List<FuzzSubject> all() {
    return List.of(pte());
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
}
