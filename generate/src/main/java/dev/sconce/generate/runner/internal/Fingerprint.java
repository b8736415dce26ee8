package dev.sconce.generate.runner.internal;

import dev.sconce.base.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Tells programs apart without reading all of their weights: the SHA-256 of a file's size, of its
 * first and last mebibyte, and of samples between them.
 */
final class Fingerprint {

  private static final int EDGE = 1 << 20;
  private static final int SAMPLE = 1 << 12;
  private static final int SAMPLES = 64;

  private Fingerprint() {}

  static String of(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Sha256 hash = new Sha256();
      long size = channel.size();
      hash.add(ByteBuffer.allocate(Long.BYTES).putLong(0, size));
      add(hash, channel, 0, EDGE);
      for (int i = 1; i < SAMPLES; i++) {
        add(hash, channel, size / SAMPLES * i, SAMPLE);
      }
      add(hash, channel, Math.max(0, size - EDGE), EDGE);
      return hash.toHex();
    }
  }

  private static void add(Sha256 hash, FileChannel channel, long from, int count)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    long at = from;
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, at);
      if (read < 0) {
        break;
      }
      at += read;
    }
    hash.add(buffer.flip());
  }
}
