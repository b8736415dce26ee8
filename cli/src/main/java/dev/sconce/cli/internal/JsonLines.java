package dev.sconce.cli.internal;

import dev.sconce.base.SconceException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.base.json.JsonWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** The mode {@code --json-lines}: one JSON value a line in, one JSON object a line out. */
public final class JsonLines {

  private JsonLines() {}

  /**
   * Answers every line that is not blank; a line that fails is answered with {@code {"error":…}}
   * and the next goes on.
   */
  public static void answer(
      InputStream in, Console console, Function<JsonValue, JsonObject> command) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (!line.isBlank()) {
        console.line(JsonWriter.compact(answer(line, number, command)));
      }
    }
  }

  private static JsonObject answer(
      String line, int number, Function<JsonValue, JsonObject> command) {
    try {
      return command.apply(Json.parse("line " + number, line));
    } catch (SconceException e) {
      return JsonObject.builder().put("error", String.valueOf(e.getMessage())).build();
    } catch (RuntimeException e) {
      // A fault of this program. Whoever sends lines learns of it, and gets the other answers.
      return JsonObject.builder().put("error", "internal error: " + e).build();
    }
  }
}
