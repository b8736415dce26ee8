package dev.sconce.kernels;

import dev.sconce.base.BFloat16;
import dev.sconce.base.HalfFloat;
import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.stream.Stream;

/** Memory with random content, and the implementations to test. */
final class TestMemory {

  private final Arena arena = Arena.ofAuto();
  private final Random random;

  TestMemory(long seed) {
    random = new Random(seed);
  }

  /** The scalar reference and what this JVM chooses. */
  static Stream<Kernels> implementations() {
    KernelSupport detected = KernelSupport.detect();
    return Stream.of(
        Kernels.create(new KernelSupport(0, 1, "reference", "")),
        Kernels.create(new KernelSupport(detected.vectorBits(), 3, "test", "")));
  }

  Arena arena() {
    return arena;
  }

  Random random() {
    return random;
  }

  MemorySegment bytes(long count) {
    // An odd address, as in a mapped file.
    MemorySegment memory = arena.allocate(count + 1).asSlice(1);
    for (long i = 0; i < count; i++) {
      Memory.setByte(memory, i, (byte) random.nextInt());
    }
    return memory;
  }

  MemorySegment empty(long floats) {
    return arena.allocate(4 * floats, 4);
  }

  MemorySegment floats(long count, float min, float max) {
    MemorySegment memory = empty(count);
    for (long i = 0; i < count; i++) {
      Memory.setFloat(memory, 4 * i, min + random.nextFloat() * (max - min));
    }
    return memory;
  }

  MemorySegment halves(long count, boolean brain) {
    MemorySegment memory = arena.allocate(2 * count, 2);
    for (long i = 0; i < count; i++) {
      float value = random.nextFloat() * 2 - 1;
      Memory.setShort(
          memory, 2 * i, brain ? BFloat16.fromFloat(value) : HalfFloat.fromFloat(value));
    }
    return memory;
  }

  MemorySegment brainScales(long count) {
    MemorySegment memory = arena.allocate(2 * count, 2);
    for (long i = 0; i < count; i++) {
      Memory.setShort(memory, 2 * i, BFloat16.fromFloat(0.001f + random.nextFloat()));
    }
    return memory;
  }

  static float at(MemorySegment memory, long index) {
    return Memory.getFloat(memory, 4 * index);
  }
}
