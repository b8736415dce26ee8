package dev.sconce.generate.runner.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      long size = channel.size();
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, size));
      add(digest, channel, 0, EDGE);
      for (int i = 1; i < SAMPLES; i++) {
        add(digest, channel, size / SAMPLES * i, SAMPLE);
      }
      add(digest, channel, Math.max(0, size - EDGE), EDGE);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, FileChannel channel, long from, int count)
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
    digest.update(buffer.flip());
  }
}
