package dev.sconce.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sconce.base.SconceException;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.LoadOptions;
import dev.sconce.runtime.Program;
import dev.sconce.runtime.PteModule;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Spoilt programs, loaded and executed: each runs or is refused with one of our exceptions, within
 * bounds of time and heap. {@code format} spoils files of every kind without executing them.
 *
 * <p>{@code -Dsconce.fuzz.count=N} sets the number of programs, {@code -Dsconce.fuzz.seed=S} the
 * first seed; {@code SCONCE_FIXTURES} adds the cases of a folder.
 */
class HostileProgramsTest {

  private static final int COUNT = Integer.getInteger("sconce.fuzz.count", 900);
  private static final long SEED = Long.getLong("sconce.fuzz.seed", 1);
  private static final int LARGEST = 64 << 10;
  private static final long MAX_NANOS = 10_000_000_000L;
  private static final long MAX_HEAP = 512L << 20;
  private static final int[] NUMBERS = {
    0, 1, 2, 3, -1, -2, 127, 128, 255, 0x7FFF, 0xFFFF, 1 << 20, 0x7FFF_FFFF, 0x8000_0000, 1 << 30
  };

  /** A program and the calls that it is for. */
  private record Seed(String name, MemorySegment program, List<RecordedCall> calls) {}

  @Test
  void spoiltProgramsRunOrAreRefused() throws IOException, URISyntaxException {
    List<Seed> seeds = seeds();
    int refused = 0;
    int failed = 0;
    List<String> broken = new ArrayList<>();
    for (int i = 0; i < COUNT && broken.size() < 10; i++) {
      Seed seed = seeds.get(i % seeds.size());
      String name = "%s seed %d".formatted(seed.name(), SEED + i);
      try {
        switch (run(name, seed, spoil(seed.program(), new Random(SEED + i)))) {
          case REFUSED -> refused++;
          case FAILED -> failed++;
          case RAN -> {}
        }
      } catch (RuntimeException | Error e) {
        broken.add(
            name + ": " + e + " at " + List.of(e.getStackTrace()).stream().limit(4).toList());
      }
    }
    assertThat(broken).isEmpty();
    // Some changes hit names or weights and matter to nobody; many are found on opening, and some
    // only by what executes them.
    assertThat(refused).isGreaterThan(COUNT / 20);
    assertThat(failed).isGreaterThan(COUNT / 200);
    assertThat(refused + failed).isLessThan(COUNT);
  }

  private enum Outcome {
    REFUSED,
    FAILED,
    RAN
  }

  private static Outcome run(String name, Seed seed, byte[] bytes) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = threads.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    Outcome outcome = Outcome.REFUSED;
    // In memory of its own length: an access beyond the end is not one to a neighbour.
    MemorySegment memory = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(bytes.length));
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    LoadOptions options = LoadOptions.defaults().withInstructionLimit(20_000).withThreads(1);
    try (PteModule module = PteModule.of(Program.of(name, memory, options))) {
      for (String method : module.methodNames()) {
        Objects.requireNonNull(module.metadata(method).toString());
      }
      outcome = Outcome.FAILED;
      for (RecordedCall call : seed.calls()) {
        module.execute(call.method(), call.inputs().toArray(EValue[]::new));
      }
      outcome = Outcome.RAN;
    } catch (SconceException e) {
      assertThat(e.getMessage()).as(name).isNotBlank();
    }
    long nanos = System.nanoTime() - start;
    allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
    assertThat(nanos).as(name + ": nanoseconds").isLessThan(MAX_NANOS);
    assertThat(allocated).as(name + ": bytes of heap").isLessThan(MAX_HEAP);
    return outcome;
  }

  private static List<Seed> seeds() throws IOException, URISyntaxException {
    URL committed =
        Objects.requireNonNull(HostileProgramsTest.class.getResource("/cases"), "the cases");
    List<Path> folders = new ArrayList<>(Verifier.findCases(Path.of(committed.toURI())));
    String more = System.getenv("SCONCE_FIXTURES");
    if (more != null) {
      folders.addAll(Verifier.findCases(Path.of(more)));
    }
    List<Seed> seeds = new ArrayList<>();
    for (Path folder : folders) {
      try (CaseFolder open = CaseFolder.open(folder)) {
        boolean plain = open.data().isEmpty() && open.program().toString().endsWith(".pte");
        if (plain && Files.size(open.program()) <= LARGEST) {
          // Inputs of their own memory: the file of the case is closed here.
          List<RecordedCall> calls = open.calls().stream().map(HostileProgramsTest::copy).toList();
          seeds.add(
              new Seed(
                  folder.getFileName().toString(),
                  MemorySegment.ofArray(Files.readAllBytes(open.program())),
                  calls));
        }
      }
    }
    assertThat(seeds).isNotEmpty();
    return seeds;
  }

  private static RecordedCall copy(RecordedCall call) {
    var inputs =
        call.inputs().stream()
            .map(v -> v.isTensor() ? EValue.from(v.toTensor().copy()) : v)
            .toList();
    return new RecordedCall(call.method(), inputs, List.of(), List.of());
  }

  /** A few changes of bytes and of aligned numbers: indices, sizes, offsets, types. */
  private static byte[] spoil(MemorySegment program, Random random) {
    byte[] bytes = program.toArray(ValueLayout.JAVA_BYTE);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    do {
      int at = random.nextInt(bytes.length / 4) * 4;
      switch (random.nextInt(8)) {
        case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at + random.nextInt(4)] = (byte) random.nextInt(24);
        case 2 -> buffer.putInt(at, NUMBERS[random.nextInt(NUMBERS.length)]);
        case 3, 4 -> buffer.putInt(at, buffer.getInt(at) + random.nextInt(9) - 4);
        case 5 -> buffer.putInt(at, random.nextInt(40) - 1);
        case 6 -> buffer.putInt(at, buffer.getInt(random.nextInt(bytes.length / 4) * 4));
        default -> {
          // An offset of a table or vector, made to point where another one points.
          int from = random.nextInt(bytes.length / 4) * 4;
          buffer.putInt(at, buffer.getInt(from) + from - at);
        }
      }
    } while (random.nextInt(3) == 0);
    return bytes;
  }
}
