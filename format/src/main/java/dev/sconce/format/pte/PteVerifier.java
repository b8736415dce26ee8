package dev.sconce.format.pte;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.FieldPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that every index, range and size of a program holds, before anything relies on one.
 *
 * <p>What the C++ loader leaves to luck is checked too: jump targets, types behind indices, sizes
 * of constants, overlapping segments. Messages name the field, and the byte of the file it stands
 * at.
 */
final class PteVerifier {

  private static final FieldPath ROOT = FieldPath.root();

  private final PteFile file;
  private final PteProgram program;
  private final PteLimits limits;

  /** For each segment what it is used as. */
  private final @Nullable String[] roles;

  private PteVerifier(PteFile file, PteLimits limits) {
    this.file = file;
    this.program = file.program();
    this.limits = limits;
    this.roles = new @Nullable String[program.segments().size()];
  }

  static void verify(PteFile file, PteLimits limits) {
    new PteVerifier(file, limits).verify();
  }

  private void verify() {
    segments();
    subsegments();
    namedData();
    plans();
  }

  private void segments() {
    FieldPath path = ROOT.field("segments");
    PteHeader header = file.header();
    long end =
        switch (header.form()) {
          case NONE -> 0;
          case SHORT -> file.bytes().size();
          case FULL -> header.segmentBase() + header.segmentDataSize();
        };
    long available = header.segmentBase() == 0 ? 0 : end - header.segmentBase();
    List<Integer> filled = new ArrayList<>();
    for (int i = 0; i < program.segments().size(); i++) {
      DataSegment segment = program.segments().get(i);
      if (segment.size() > available || segment.offset() > available - segment.size()) {
        throw fail(
            path.element(i),
            "a range inside the " + available + " bytes of segments",
            "" + segment);
      }
      if (segment.size() > 0) {
        filled.add(i);
      }
    }
    filled.sort(Comparator.comparingLong(i -> program.segments().get(i).offset()));
    for (int i = 1; i < filled.size(); i++) {
      DataSegment before = program.segments().get(filled.get(i - 1));
      DataSegment segment = program.segments().get(filled.get(i));
      if (segment.offset() < before.offset() + before.size()) {
        throw fail(
            path.element(filled.get(i)),
            "a range that starts behind segment " + filled.get(i - 1) + ", " + before,
            "" + segment);
      }
    }
  }

  private void subsegments() {
    SubsegmentOffsets constants = program.constantSegment();
    if (constants != null && !constants.offsets().isEmpty()) {
      subsegments(constants, ROOT.field("constant_segment"), "constants");
    }
    FieldPath path = ROOT.field("mutable_data_segments");
    for (int i = 0; i < program.mutableDataSegments().size(); i++) {
      subsegments(program.mutableDataSegments().get(i), path.element(i), "initial values");
    }
  }

  private void subsegments(SubsegmentOffsets subsegments, FieldPath path, String role) {
    int index = subsegments.segmentIndex();
    if (index == 0 && program.segments().isEmpty() && subsegments.offsets().size() == 1) {
      return; // nothing but the placeholder: files without header have no segment for it
    }
    useSegment(index, role, path.field("segment_index"));
    long size = program.segments().get(index).size();
    for (int i = 0; i < subsegments.offsets().size(); i++) {
      long offset = subsegments.offsets().at(i);
      if (offset < 0 || offset > size) {
        throw fail(
            path.field("offsets").element(i),
            "an offset in segment " + index + " of " + size + " bytes",
            Long.toUnsignedString(offset));
      }
    }
  }

  private void namedData() {
    FieldPath path = ROOT.field("named_data");
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < program.namedData().size(); i++) {
      NamedData data = program.namedData().get(i);
      if (!keys.add(data.key())) {
        throw fail(
            path.element(i).field("key"), "a key of its own", "\"" + data.key() + "\" again");
      }
      useSegment(data.segmentIndex(), "named data", path.element(i).field("segment_index"));
    }
  }

  private void plans() {
    FieldPath path = ROOT.field("execution_plan");
    if (program.plans().isEmpty()) {
      throw fail(path, "a method", "none");
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < program.plans().size(); i++) {
      ExecutionPlan plan = program.plans().get(i);
      FieldPath planPath = path.element(i);
      if (!names.add(plan.name())) {
        throw fail(planPath.field("name"), "a name of its own", "\"" + plan.name() + "\" again");
      }
      delegates(plan, planPath.field("delegates"));
      new PlanVerifier(this, file, plan, planPath, limits).verify();
    }
  }

  private void delegates(ExecutionPlan plan, FieldPath path) {
    for (int i = 0; i < plan.delegates().size(); i++) {
      BackendDelegate delegate = plan.delegates().get(i);
      FieldPath indexPath = path.element(i).field("processed").field("index");
      switch (delegate.location()) {
        case SEGMENT -> useSegment(delegate.index(), "a delegate's blob", indexPath);
        case INLINE ->
            index(
                delegate.index(),
                program.inlineDelegateData().size(),
                "backend_delegate_data",
                indexPath);
      }
    }
  }

  /** Checks the index of a segment, and that all its uses are of one kind. */
  private void useSegment(int index, String role, FieldPath path) {
    index(index, roles.length, "segments", path);
    String before = roles[index];
    if (before != null && !before.equals(role) && program.segments().get(index).size() > 0) {
      throw fail(path, "a segment for " + role, "segment " + index + ", which holds " + before);
    }
    roles[index] = role;
  }

  void index(long index, int count, String list, FieldPath path) {
    if (index < 0 || index >= count) {
      throw fail(path, "an index into the " + count + " " + list, "" + index);
    }
  }

  MalformedFileException fail(FieldPath path, String expected, String found) {
    return new MalformedFileException(
        file.bytes().file(), file.locate(path), path.toString(), expected, found);
  }
}
