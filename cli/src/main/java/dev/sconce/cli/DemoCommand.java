package dev.sconce.cli;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.JsonOption;
import dev.sconce.cli.internal.Style;
import dev.sconce.cli.internal.demo.OneCall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what Sconce does with two small checkpoints, by the commands that a user would type. */
@Command(
    name = "demo",
    description = "Export two small trained models, look inside, verify, tell a story, translate.")
final class DemoCommand implements Callable<Integer> {

  private static final int ALL = Integer.MAX_VALUE;
  private static final int SEED = 7;
  private static final int BEAMS = 4;

  private static final List<String> SENTENCES =
      List.of(
          "translate English to German: The bicycle costs three hundred and seventy-five euros.",
          "translate German to French: Heute ist Samstag, der einundzwanzigste März"
              + " neunzehnhundertvierundachtzig.",
          "translate French to English: le premier mai deux mille vingt-six");

  private final Console console;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      description = "Where to put the programs (default: a new temporary folder).")
  private @Nullable Path output;

  @Option(
      names = "--models",
      paramLabel = "FOLDER",
      description = "Where the checkpoints are (default: demo/ of the checkout).")
  private @Nullable Path models;

  @Mixin private JsonOption json = new JsonOption();

  DemoCommand(Console console) {
    this.console = console;
  }

  /**
   * A command and how much of its output is shown.
   *
   * @param title what it is for
   * @param words the words after {@code sconce}
   * @param first how many lines are shown from the start
   * @param last how many lines are shown from the end, where there are more
   */
  private record Step(String title, List<String> words, int first, int last) {}

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    Path folder = output == null ? Files.createTempDirectory("sconce-demo-") : output;
    Files.createDirectories(folder);
    List<JsonValue> done = new ArrayList<>();
    boolean ok = true;
    for (Step step : steps(modelsFolder(), folder)) {
      ok = json.wanted() ? record(step, done) : show(step);
      if (!ok) {
        break;
      }
    }
    ok = ok && speak(folder, done);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (json.wanted()) {
      console.json(
          JsonObject.builder()
              .put("folder", folder.toString())
              .put("ok", ok)
              .put("seconds", seconds)
              .put("steps", new JsonArray(done))
              .build());
    } else if (ok) {
      console.heading(
          String.format(Locale.ROOT, "Done in %.1f s. The programs are in %s", seconds, folder));
    }
    return ok ? ExitCode.OK : ExitCode.CHECK_FAILED;
  }

  private Path modelsFolder() {
    if (models != null) {
      return models;
    }
    String home = System.getProperty("sconce.home");
    Path folder = Path.of(home == null ? "" : home, "demo");
    if (!Files.isDirectory(folder)) {
      throw new InvalidInputException(
          "demo", "--models", "the folder demo/ of a checkout", folder.toAbsolutePath().toString());
    }
    return folder;
  }

  private static List<Step> steps(Path models, Path folder) {
    String storyteller = shown(folder.resolve("storyteller.pte"));
    String translator = shown(folder.resolve("translator.pte"));
    return List.of(
        new Step(
            "A checkpoint in, a program out: weights, tokenizer, generation and tests in one file",
            List.of(
                "export",
                shown(models.resolve("storyteller")),
                "-o",
                storyteller,
                "--qlinear",
                "8da4w",
                "--qembedding",
                "8w"),
            ALL,
            0),
        new Step(
            "An encoder and a decoder, the same way",
            List.of(
                "export",
                shown(models.resolve("translator")),
                "-o",
                translator,
                "--qlinear",
                "8da8w"),
            ALL,
            0),
        new Step("What is inside", List.of("inspect", storyteller), 24, 0),
        new Step("Does it do here what it did there?", List.of("verify", storyteller), 4, 8),
        new Step("", List.of("verify", translator), 0, 8));
  }

  /** What the programs say when their own generate is called. */
  private boolean speak(Path folder, List<JsonValue> done) throws IOException {
    Path storyteller = folder.resolve("storyteller.pte");
    Path translator = folder.resolve("translator.pte");
    try (OneCall call = OneCall.open(storyteller)) {
      say(
          "A story: one call of the method generate in the file",
          storyteller,
          "generate",
          "Once upon a time",
          text -> call.story(text, SEED),
          done);
    }
    try (OneCall call = OneCall.open(translator)) {
      for (String text : SENTENCES) {
        say(
            text.equals(SENTENCES.getFirst()) ? "Translations, greedily" : "",
            translator,
            "generate",
            text,
            source -> call.translate(source, 1),
            done);
      }
      say(
          "With " + BEAMS + " beams: one call of generate_beam",
          translator,
          "generate_beam",
          SENTENCES.getLast(),
          source -> call.translate(source, BEAMS),
          done);
    }
    return true;
  }

  private void say(
      String title,
      Path program,
      String method,
      String input,
      UnaryOperator<String> call,
      List<JsonValue> done) {
    long start = System.nanoTime();
    if (!json.wanted()) {
      if (!title.isEmpty()) {
        console.heading(title);
      }
      console.line(
          console.styled(Style.CYAN, "> %s, %s: %s".formatted(shown(program), method, input)));
    }
    String output = call.apply(input);
    if (json.wanted()) {
      done.add(
          JsonObject.builder()
              .put("program", program.toString())
              .put("method", method)
              .put("input", input)
              .put("output", output)
              .put("seconds", (System.nanoTime() - start) / 1e9)
              .build());
    } else {
      console.line(output);
    }
  }

  private boolean show(Step step) {
    if (!step.title.isEmpty()) {
      console.heading(step.title);
    }
    console.line(console.styled(Style.CYAN, "$ ./sconce " + quoted(step.words)));
    if (step.first == ALL) {
      return Main.run(console, step.words.toArray(String[]::new)) == ExitCode.OK;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(Console.of(out, err, console.coloured()), step.words.toArray(String[]::new));
    excerpt(out.toString(StandardCharsets.UTF_8).lines().toList(), step);
    if (code != ExitCode.OK) {
      console.err().print(err.toString(StandardCharsets.UTF_8));
    }
    return code == ExitCode.OK;
  }

  private void excerpt(List<String> lines, Step step) {
    int left = lines.size() - step.first - step.last;
    if (left <= 1) {
      lines.forEach(console::line);
      return;
    }
    lines.subList(0, step.first).forEach(console::line);
    console.line(console.styled(Style.DIM, "… " + left + " lines more"));
    lines.subList(lines.size() - step.last, lines.size()).forEach(console::line);
  }

  private boolean record(Step step, List<JsonValue> done) {
    long start = System.nanoTime();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> words = new ArrayList<>(step.words);
    words.add("--json");
    int code = Main.run(Console.of(out, err, false), words.toArray(String[]::new));
    JsonObject.Builder entry =
        JsonObject.builder()
            .put("command", "sconce " + quoted(words))
            .put("exitCode", code)
            .put("seconds", (System.nanoTime() - start) / 1e9);
    if (code == ExitCode.OK) {
      entry.put("output", Json.parse(step.words.getFirst(), out.toString(StandardCharsets.UTF_8)));
    } else {
      entry.put("error", err.toString(StandardCharsets.UTF_8));
    }
    done.add(entry.build());
    return code == ExitCode.OK;
  }

  /** A path as one would type it here. */
  private static String shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = path.toAbsolutePath().normalize();
    return (absolute.startsWith(here) ? here.relativize(absolute) : absolute).toString();
  }

  private static String quoted(List<String> words) {
    List<String> quoted = new ArrayList<>();
    for (String word : words) {
      quoted.add(
          word.matches("[A-Za-z0-9_./=:-]+") ? word : "'" + word.replace("'", "'\\''") + "'");
    }
    return String.join(" ", quoted);
  }
}
