package dev.sconce.cli;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.JsonOption;
import dev.sconce.cli.internal.ThreadsOption;
import dev.sconce.cli.internal.generate.Seeds;
import dev.sconce.cli.internal.generate.SettingOptions;
import dev.sconce.cli.internal.generate.StatsReport;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.runner.Completion;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.GenerationResult;
import dev.sconce.generate.runner.RunnerOptions;
import dev.sconce.generate.runner.Seq2SeqRunner;
import dev.sconce.generate.runner.Translation;
import dev.sconce.runtime.LoadOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Translates, or writes whatever else an encoder-decoder program makes of a text. */
@Command(
    name = "translate",
    abbreviateSynopsis = true,
    description = "Translate a text with an encoder-decoder program, or summarise it.")
final class TranslateCommand implements Callable<Integer>, MoreOptions {

  private final Console console;
  private final InputStream in;
  private final SettingOptions given = new SettingOptions();

  @Parameters(index = "0", paramLabel = "FILE", description = "The program, a .pte file.")
  private Path file = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TEXT",
      description = "The text; without it, standard input.")
  private @Nullable String text;

  @Option(
      names = "--from",
      paramLabel = "LANGUAGE",
      description = "The text's language, for models of several: de, deu_Latn, de_DE.")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "LANGUAGE",
      description = "The language to translate to, for models of several.")
  private @Nullable String to;

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "What goes before the text, such as T5's \"translate English to German: \".")
  private String prefix = "";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A generation_config.json, laid over the program's settings.")
  private @Nullable Path config;

  @Option(
      names = "--tokenizer",
      paramLabel = "PATH",
      description =
          "A tokenizer's file or a checkpoint's folder; goes before the one in the program.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--embedded",
      description =
          "Have the generation inside the program make the tokens, not host code; a setting that"
              + " the program does not hold is an error.")
  private boolean embedded;

  @Option(names = "--stats", description = "Report counts and times.")
  private boolean stats;

  @Mixin private ThreadsOption threads = new ThreadsOption();
  @Mixin private JsonOption json = new JsonOption();

  TranslateCommand(Console console, InputStream in) {
    this.console = console;
    this.in = in;
  }

  @Override
  public void addTo(CommandSpec command) {
    given.addTo(command);
  }

  @Override
  public Integer call() throws IOException {
    RunnerOptions options =
        RunnerOptions.defaults().withLoad(threads.apply(LoadOptions.defaults()));
    options = tokenizer == null ? options : options.withTokenizer(tokenizer);
    try (Seq2SeqRunner runner = Seq2SeqRunner.load(file, options)) {
      GenerationResult result = runner.generate(request(runner).embedded(embedded));
      if (json.wanted()) {
        console.json(json(result));
      } else {
        result.completions().forEach(found -> console.out().println(found.text()));
        if (stats) {
          StatsReport.print(console, result.stats());
        }
      }
    }
    return ExitCode.OK;
  }

  private GenerationRequest request(Seq2SeqRunner runner) throws IOException {
    String given =
        text != null ? text : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    GenerationConfig settings = settings(runner.defaults());
    if (from == null && to == null) {
      return GenerationRequest.ofTexts(prefix + given).with(settings);
    }
    Translation translation =
        new Translation(
            runner
                .tokenizer()
                .orElseThrow(
                    () ->
                        new InvalidInputException(
                            file.toString(),
                            "--from, --to",
                            "a program with a tokenizer, or --tokenizer",
                            "neither")));
    return translation.request(
        prefix + given, Optional.ofNullable(from), Optional.ofNullable(to), settings);
  }

  private GenerationConfig settings(GenerationConfig defaults) throws IOException {
    return Seeds.in(given.over(config == null ? defaults : defaults.with(Json.readObject(config))));
  }

  private JsonObject json(GenerationResult result) {
    Completion first = result.completions().getFirst();
    JsonObject.Builder answer =
        JsonObject.builder()
            .put("text", first.text())
            .put(
                "tokens",
                new JsonArray(
                    Arrays.stream(first.tokens()).<JsonValue>mapToObj(JsonNumber::of).toList()))
            .put("finish_reason", first.reason().name().toLowerCase(Locale.ROOT))
            .put("score", first.score());
    if (stats) {
      answer.put("stats", Json.parse("stats", result.stats().toJson()));
    }
    return answer.build();
  }
}
