package dev.sconce.cli;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.chat.ChatLoop;
import dev.sconce.cli.internal.chat.Keyboard;
import dev.sconce.cli.internal.chat.Terminal;
import dev.sconce.cli.internal.generate.RunnerOption;
import dev.sconce.cli.internal.generate.SettingOptions;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.generate.runner.RunnerOptions;
import dev.sconce.generate.runner.Session;
import dev.sconce.generate.runner.TextRunner;
import dev.sconce.text.template.ChatTemplate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Talks with a model. */
@Command(
    name = "chat",
    abbreviateSynopsis = true,
    description = "Talk with a model; Ctrl-C stops its answer, /help shows what else there is.")
final class ChatCommand implements Callable<Integer>, MoreOptions {

  private final Console console;
  private final InputStream in;
  private final SettingOptions settings = new SettingOptions();

  @Parameters(index = "0", paramLabel = "FILE", description = "The program, a .pte file.")
  private Path file = Path.of("");

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "What the model is told before the conversation.")
  private @Nullable String system;

  @Option(
      names = "--template",
      paramLabel = "FILE",
      description = "A chat template (Jinja); goes before the one in the program.")
  private @Nullable Path template;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A generation_config.json, laid over the program's settings.")
  private @Nullable Path config;

  @Mixin private RunnerOption runner = new RunnerOption();

  ChatCommand(Console console, InputStream in) {
    this.console = console;
    this.in = in;
  }

  @Override
  public void addTo(CommandSpec command) {
    settings.addTo(command);
  }

  @Override
  public Integer call() throws IOException {
    RunnerOptions options = runner.options();
    // The first answer waits for a person, so its kernels can be compiled meanwhile.
    try (TextRunner loaded = TextRunner.load(file, options.withLoad(options.load().withWarmUp()));
        Session session = loaded.newSession();
        Terminal terminal = Terminal.ofSystem()) {
      GenerationConfig base = loaded.defaults();
      // Templates write the special tokens themselves.
      base = base.with(Setting.NUM_BOS, JsonNumber.of(0));
      base = settings.over(config == null ? base : base.with(Json.readObject(config)));
      new ChatLoop(console, new Keyboard(in), terminal, session, templateOf(loaded), base, system)
          .run();
    }
    return ExitCode.OK;
  }

  private ChatTemplate templateOf(TextRunner loaded) throws IOException {
    if (template != null) {
      return ChatTemplate.of(template.toString(), Files.readString(template), Map.of());
    }
    return loaded
        .chatTemplates()
        .map(templates -> templates.choose(false))
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "chat",
                    "--template",
                    "a chat template in the program, beside its tokenizer, or given",
                    "none; 'sconce generate' goes on with plain text"));
  }
}
