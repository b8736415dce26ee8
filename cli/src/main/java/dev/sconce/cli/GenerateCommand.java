package dev.sconce.cli;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonWriter;
import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.JsonLines;
import dev.sconce.cli.internal.JsonOption;
import dev.sconce.cli.internal.generate.GenerationAnswer;
import dev.sconce.cli.internal.generate.GenerationLines;
import dev.sconce.cli.internal.generate.RunnerOption;
import dev.sconce.cli.internal.generate.Seeds;
import dev.sconce.cli.internal.generate.SettingOptions;
import dev.sconce.cli.internal.generate.StatsReport;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.GenerationResult;
import dev.sconce.generate.runner.Runner;
import dev.sconce.generate.runner.Runners;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Generates text with a program. */
@Command(
    name = "generate",
    abbreviateSynopsis = true,
    description = "Generate what follows a prompt.")
final class GenerateCommand implements Callable<Integer>, MoreOptions {

  private final Console console;
  private final InputStream in;
  private final SettingOptions settings = new SettingOptions();

  @Parameters(index = "0", paramLabel = "FILE", description = "The program, a .pte file.")
  private Path file = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PROMPT",
      description = "The prompt; without it, standard input.")
  private @Nullable String prompt;

  @Option(
      names = "--ids",
      paramLabel = "IDS",
      description = "The prompt as token ids, separated by commas or spaces.")
  private @Nullable String ids;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A generation_config.json, laid over the program's settings.")
  private @Nullable Path config;

  @Option(
      names = "--no-defaults",
      description = "Do not start from the program's settings, but from transformers' defaults.")
  private boolean noDefaults;

  @Option(
      names = "--json-lines",
      description =
          "Answer each line of standard input, {\"prompt\": …} or {\"input_ids\": …}, with an"
              + " object on a line.")
  private boolean jsonLines;

  @Option(
      names = "--batch",
      paramLabel = "FILE",
      description = "As --json-lines, with the lines of a file.")
  private @Nullable Path batch;

  @Option(
      names = "--stats",
      description = "Report counts and times, with the line that ExecuTorch's tools read.")
  private boolean stats;

  @Option(
      names = "--embedded",
      description =
          "Have the generation inside the program make the tokens, not host code; a setting that"
              + " the program does not hold is an error.")
  private boolean embedded;

  @Mixin private RunnerOption runner = new RunnerOption();
  @Mixin private JsonOption json = new JsonOption();

  GenerateCommand(Console console, InputStream in) {
    this.console = console;
    this.in = in;
  }

  @Override
  public void addTo(CommandSpec command) {
    settings.addTo(command);
  }

  @Override
  public Integer call() throws IOException {
    int sources = 0;
    for (boolean given : new boolean[] {prompt != null, ids != null, jsonLines, batch != null}) {
      sources += given ? 1 : 0;
    }
    if (sources > 1) {
      throw new InvalidInputException(
          "generate", "PROMPT, --ids, --json-lines, --batch", "one of them", sources + "");
    }
    try (Runner loaded = Runners.load(file, runner.options())) {
      GenerationConfig base = base(loaded);
      if (jsonLines || batch != null) {
        lines(new GenerationLines(loaded, base, embedded));
      } else {
        one(loaded, Seeds.in(base));
      }
    }
    return ExitCode.OK;
  }

  private GenerationConfig base(Runner loaded) throws IOException {
    GenerationConfig base = noDefaults ? GenerationConfig.defaults() : loaded.defaults();
    return settings.over(config == null ? base : base.with(Json.readObject(config)));
  }

  private void lines(GenerationLines answers) throws IOException {
    if (batch == null) {
      JsonLines.answer(in, console, answers::answer);
      return;
    }
    try (InputStream lines = Files.newInputStream(batch)) {
      JsonLines.answer(lines, console, answers::answer);
    }
  }

  private void one(Runner loaded, GenerationConfig base) throws IOException {
    GenerationRequest request = request().with(base).embedded(embedded);
    if (json.wanted()) {
      GenerationResult result = loaded.generate(request);
      JsonObject.Builder answer = JsonObject.builder();
      GenerationAnswer.of(result, base, false).members().forEach(answer::put);
      if (stats) {
        answer.put("stats", Json.parse("stats", result.stats().toJson()));
      }
      console.line(JsonWriter.compact(answer.build()));
      return;
    }
    GenerationResult result = loaded.generate(printing(request, base));
    console.out().println();
    if (stats) {
      StatsReport.print(console, result.stats());
      if (base.sampling()) {
        console.err().println("drawn with  --seed " + base.seed());
      }
    }
  }

  /** Has a request print as it goes on: text, or ids where there is no text to start from. */
  private GenerationRequest printing(GenerationRequest request, GenerationConfig base) {
    if (base.count(Setting.NUM_RETURN_SEQUENCES, 1) > 1) {
      return request.onToken(
          token -> {
            if (token.index() == 0 && token.row() > 0) {
              console.out().println();
            }
            print(ids == null ? token.text() : token.id() + " ");
          });
    }
    return ids == null
        ? request.onText(this::print)
        : request.onToken(token -> print(token.id() + " "));
  }

  private void print(String text) {
    console.out().print(text);
    console.out().flush();
  }

  private GenerationRequest request() throws IOException {
    if (ids != null) {
      try {
        return GenerationRequest.ofIds(
            Arrays.stream(ids.trim().split("[,\\s]+")).mapToInt(Integer::parseInt).toArray());
      } catch (NumberFormatException e) {
        throw new InvalidInputException(
            "generate", "--ids", "integers, separated by commas or spaces", ids);
      }
    }
    String text = prompt != null ? prompt : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    return GenerationRequest.ofTexts(text);
  }
}
