package dev.sconce.export.task;

import dev.sconce.generate.GenerationConfig;

/**
 * What generation inside the program may hold.
 *
 * @param embedded whether methods that generate are written
 * @param batch how many rows a call may have
 * @param beams how many beams a prompt may have; 1 for no beam search
 * @param config the defaults of the settings, and the lists of rules that are baked in
 */
public record Generation(boolean embedded, int batch, int beams, GenerationConfig config) {

  /** Returns no generation at all. */
  public static Generation none() {
    return new Generation(false, 1, 1, GenerationConfig.defaults());
  }
}
