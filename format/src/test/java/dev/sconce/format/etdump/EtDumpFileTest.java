package dev.sconce.format.etdump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.DType;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Blob;
import dev.sconce.format.Fixtures;
import dev.sconce.format.Longs;
import dev.sconce.format.Resources;
import dev.sconce.format.etdump.EtDump.Allocator;
import dev.sconce.format.etdump.EtDump.Run;
import dev.sconce.format.etdump.EtDumpEvent.AllocationEvent;
import dev.sconce.format.etdump.EtDumpEvent.DebugEvent;
import dev.sconce.format.etdump.EtDumpEvent.Origin;
import dev.sconce.format.etdump.EtDumpEvent.ProfileEvent;
import dev.sconce.format.etdump.EtDumpValue.BoolData;
import dev.sconce.format.etdump.EtDumpValue.DoubleData;
import dev.sconce.format.etdump.EtDumpValue.FloatData;
import dev.sconce.format.etdump.EtDumpValue.IntData;
import dev.sconce.format.etdump.EtDumpValue.NullData;
import dev.sconce.format.etdump.EtDumpValue.StringData;
import dev.sconce.format.etdump.EtDumpValue.TensorData;
import dev.sconce.format.etdump.EtDumpValue.TensorListData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtDumpFileTest {

  private static EtDump read(MemorySegment bytes) {
    return EtDumpFile.read(MemoryReader.of("sample.etdp", bytes));
  }

  private static void roundTrips(EtDump dump, String name) {
    MemorySegment bytes = EtDumpFile.toBytes(dump);
    EtDump again = read(bytes);
    assertThat(again).as(name).isEqualTo(dump);
    assertThat(EtDumpFile.toBytes(again).mismatch(bytes)).as(name).isEqualTo(-1);
  }

  private static EtDump dump(List<EtDumpEvent> events) {
    List<Allocator> allocators = List.of(new Allocator("planned"), new Allocator(null));
    return new EtDump(0, List.of(new Run("Execute", 0, allocators, events)));
  }

  @Test
  void whatIsWrittenSaysTheSameAndIsStable(@TempDir Path folder) throws IOException {
    EtDump dump = EtDumpFile.read(Resources.copy("etdump/portable.etdp", folder));
    roundTrips(dump, "portable");
    Path file = folder.resolve("again.etdp");
    EtDumpFile.write(file, dump);
    assertThat(EtDumpFile.read(file)).isEqualTo(dump);
  }

  @Test
  void everyFixtureRoundTrips() throws IOException {
    List<Path> files = Fixtures.files(".etdp");
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      roundTrips(EtDumpFile.read(file), file.toString());
    }
  }

  @Test
  void readsWhatTheOfficialRuntimeNoted() {
    EtDump dump = read(MemorySegment.ofArray(Resources.bytes("etdump/portable.etdp")));
    List<EtDumpEvent> events = dump.runs().stream().flatMap(run -> run.events().stream()).toList();
    assertThat(events)
        .filteredOn(
            event ->
                event instanceof ProfileEvent profile
                    && "native_call_add.out".equals(profile.name())
                    && profile.origin().instruction() >= 0
                    && profile.end() >= profile.start())
        .isNotEmpty();
    assertThat(events)
        .filteredOn(
            event ->
                event instanceof DebugEvent debug
                    && debug.value() != null
                    && debug.value().data() instanceof TensorData(EtDumpTensor tensor)
                    && tensor.dtype() == DType.FLOAT32)
        .isNotEmpty();
  }

  @Test
  void everyKindOfEventAndValueRoundTrips() {
    EtDumpTensor tensor = new EtDumpTensor(DType.INT64, Longs.of(2, 3), Longs.of(3, 1), 1L << 40);
    List<EtDumpEvent> events = new ArrayList<>();
    events.add(
        new ProfileEvent("a", new Origin(1, 0, 0, "id"), Blob.of((byte) 1, (byte) 2), 5, -1));
    events.add(new ProfileEvent(null, Origin.ofInstruction(-1), null, 0, 0));
    events.add(new AllocationEvent(1, 1L << 40));
    events.add(new AllocationEvent(0, 0));
    events.add(new DebugEvent(null, Origin.ofInstruction(7), null));
    for (EtDumpValue.Data data :
        List.of(
            new NullData(),
            new IntData(-5),
            new BoolData(true),
            new BoolData(false),
            new FloatData(Float.NaN),
            new DoubleData(0),
            new TensorData(tensor),
            new TensorListData(List.of(tensor, tensor)),
            new TensorListData(List.of()),
            new StringData())) {
      events.add(new DebugEvent("x", new Origin(-1, -1, 3, null), new EtDumpValue(data, null)));
      events.add(new DebugEvent("", new Origin(0, 0, -1, ""), new EtDumpValue(data, false)));
    }
    roundTrips(dump(events), "all kinds");
  }

  @Test
  void rejectsAllocatorsThatAreNotThere() {
    MemorySegment bytes = EtDumpFile.toBytes(dump(List.of(new AllocationEvent(2, 1))));
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("run_data[0].events[0].allocation_event.allocator_id");
  }

  @Test
  void rejectsSizesThatLeaveTheFile() {
    MemorySegment bytes = EtDumpFile.toBytes(dump(List.of()));
    assertThatThrownBy(() -> read(bytes.asSlice(0, bytes.byteSize() - 1)))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("size_prefix");
  }
}
