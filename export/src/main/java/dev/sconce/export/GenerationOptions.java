package dev.sconce.export;

import dev.sconce.base.ExportException;
import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonObject;
import dev.sconce.export.checkpoint.Checkpoint;
import dev.sconce.export.task.Generation;
import dev.sconce.export.task.Task;
import dev.sconce.generate.GenerationConfig;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Finds out what generation inside a program may hold. */
final class GenerationOptions {

  private static final int MOST_ROWS = 64;
  private static final int DEFAULT_BEAMS = 4;

  private GenerationOptions() {}

  static Generation resolve(Task task, Checkpoint checkpoint, ExportOptions options)
      throws IOException {
    boolean possible = task.generates() && options.embedded();
    String why =
        task.generates()
            ? "--no-embed leaves generate out"
            : "task " + task.name() + " has no generate";
    // Encoders and decoders have rows with and without generate.
    allow(possible || task.takesRows(), options.batch() != 1, "--batch", why);
    allow(possible || task.hasSource(), options.beams().isPresent(), "--beams", why);
    allow(possible, options.generationConfig().isPresent(), "--generation-config", why);
    between("--batch", options.batch(), MOST_ROWS);
    options.beams().ifPresent(beams -> between("--beams", beams, MOST_ROWS));
    if (!possible) {
      return Generation.none();
    }
    GenerationConfig config = config(checkpoint, options);
    int beams = task.hasSource() ? Math.max(DEFAULT_BEAMS, config.beams()) : 1;
    return new Generation(true, options.batch(), options.beams().orElse(beams), config);
  }

  private static void allow(boolean possible, boolean given, String option, String why) {
    if (given && !possible) {
      throw new ExportException("option " + option, why);
    }
  }

  private static void between(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new ExportException(
          "option " + option, "expected 1 to %d, found %d".formatted(most, value));
    }
  }

  /** The checkpoint's own file goes before the old way, settings among those of the model. */
  private static GenerationConfig config(Checkpoint checkpoint, ExportOptions options)
      throws IOException {
    JsonObject model = checkpoint.config().json();
    Optional<JsonObject> own = checkpoint.generationConfig();
    if (options.generationConfig().isPresent()) {
      JsonObject given = Json.readObject(options.generationConfig().get());
      JsonObject complete = withTokens(withTokens(given, own.orElse(model)), model);
      return read(complete, "option --generation-config", true);
    }
    return own.map(json -> read(withTokens(json, model), "generation_config.json", false))
        .orElseGet(() -> read(model, "config.json", false));
  }

  /** What ends and fills rows may stand elsewhere. */
  private static JsonObject withTokens(JsonObject settings, JsonObject elsewhere) {
    JsonObject.Builder all = JsonObject.builder();
    settings.members().forEach(all::put);
    for (String name : List.of("eos_token_id", "pad_token_id")) {
      if (settings.get(name).filter(v -> v != JsonNull.NULL).isEmpty()) {
        elsewhere.get(name).ifPresent(value -> all.put(name, value));
      }
    }
    return all.build();
  }

  private static GenerationConfig read(JsonObject json, String where, boolean strict) {
    try {
      return strict ? GenerationConfig.of(json) : GenerationConfig.ofCheckpoint(json);
    } catch (InvalidInputException e) {
      throw new ExportException(
          where,
          e.getMessage() + "; --generation-config FILE takes other settings, --no-embed none");
    }
  }
}
