package dev.sconce.export.task;

import dev.sconce.generate.GenerationConfig;

/**
 * What generation inside the program may hold.
 *
 * @param embedded whether methods that generate are written
 * @param batch how many rows a call may have
 * @param beams how many beams a row may have; 0 for what the task has by default
 * @param config the defaults of the settings, and the lists of rules that are baked in
 */
public record Generation(boolean embedded, int batch, int beams, GenerationConfig config) {

  /** Returns no generation at all. */
  public static Generation none() {
    return new Generation(false, 1, 0, GenerationConfig.defaults());
  }
}
