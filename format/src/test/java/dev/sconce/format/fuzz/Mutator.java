package dev.sconce.format.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Spoils well-formed files the way that accidents and attackers do. */
final class Mutator {

  private static final long[] NUMBERS = {
    0,
    1,
    2,
    -1,
    -2,
    127,
    128,
    255,
    256,
    0x7FFF,
    0xFFFF,
    0x7FFF_FFFFL,
    0x8000_0000L,
    0xFFFF_FFFFL,
    0x7FFF_FFFF_FFFF_FFFFL,
    0x8000_0000_0000_0000L,
    0x3FFF_FFFF,
    0x2000_0000,
    0x1_0000_0000L
  };

  private final Random random;

  Mutator(long seed) {
    this.random = new Random(seed);
  }

  /** Returns a spoilt copy: usually one change, sometimes several. */
  byte[] mutate(byte[] file) {
    byte[] bytes = file.clone();
    do {
      bytes = mutateOnce(bytes);
    } while (random.nextInt(3) == 0);
    return bytes;
  }

  private byte[] mutateOnce(byte[] bytes) {
    if (bytes.length < Long.BYTES) {
      return Arrays.copyOf(bytes, bytes.length + random.nextInt(16));
    }
    switch (random.nextInt(12)) {
      case 0, 1 -> bytes[position(bytes, 1)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      case 2 -> bytes[position(bytes, 1)] = (byte) random.nextInt();
      case 3 -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      case 4 -> {
        return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
      }
      case 5, 6 -> buffer(bytes).putInt(position(bytes, 4), (int) number(bytes));
      case 7 -> buffer(bytes).putLong(position(bytes, 8), number(bytes));
      case 8 -> buffer(bytes).putShort(position(bytes, 2), (short) number(bytes));
      case 9 -> offset(bytes);
      case 10 -> copy(bytes);
      default -> {
        int at = position(bytes, 4);
        buffer(bytes).putInt(at, buffer(bytes).getInt(at) + random.nextInt(33) - 16);
      }
    }
    return bytes;
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private int position(byte[] bytes, int size) {
    int at = random.nextInt(bytes.length - size + 1);
    // Three quarters aligned: there the fields are.
    return random.nextInt(4) == 0 ? at : at / size * size;
  }

  private long number(byte[] bytes) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> bytes.length + random.nextInt(17) - 8;
      case 2 -> NUMBERS[random.nextInt(NUMBERS.length)] + random.nextInt(3) - 1;
      default -> NUMBERS[random.nextInt(NUMBERS.length)];
    };
  }

  /** Makes a field point at another part of the file, also backwards and at itself. */
  private void offset(byte[] bytes) {
    int from = position(bytes, 4);
    int to = random.nextInt(4) == 0 ? from : position(bytes, 4);
    buffer(bytes).putInt(from, to - from);
  }

  /** Puts a part of the file elsewhere. */
  private void copy(byte[] bytes) {
    int length = 1 + random.nextInt(Math.min(bytes.length, 64));
    int from = random.nextInt(bytes.length - length + 1);
    int to = random.nextInt(bytes.length - length + 1);
    System.arraycopy(bytes, from, bytes, to, length);
  }
}
