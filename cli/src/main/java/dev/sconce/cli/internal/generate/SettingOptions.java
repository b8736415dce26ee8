package dev.sconce.cli.internal.generate;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonBool;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import java.util.EnumMap;
import java.util.Map;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Every setting of generation as an option: {@code top_k} as {@code --top-k} or {@code --top_k}.
 */
public final class SettingOptions {

  private final Map<Setting, String> given = new EnumMap<>(Setting.class);

  /** Creates options of which none is given. */
  public SettingOptions() {}

  /** Adds the options to a command. */
  public void addTo(CommandSpec command) {
    ArgGroupSpec.Builder group =
        ArgGroupSpec.builder()
            .validate(false)
            .heading("%nSettings, which go before those of the program; lists are JSON:%n");
    for (Setting setting : Setting.values()) {
      group.addArg(option(setting));
    }
    command.addArgGroup(group.build());
  }

  private OptionSpec option(Setting setting) {
    String name = "--" + setting.jsonName();
    OptionSpec.Builder option =
        name.contains("_")
            ? OptionSpec.builder(name.replace('_', '-'), name)
            : OptionSpec.builder(name);
    ISetter setter =
        new ISetter() {
          @Override
          public <T> T set(T value) {
            if (value != null) {
              given.put(setting, value.toString());
            }
            return value;
          }
        };
    option
        .type(String.class)
        .paramLabel(setting.isFlag() ? "BOOL" : "V")
        .description(setting.meaning().replace("%", "%%") + ": " + setting.expected() + ".")
        .setter(setter);
    return setting.isFlag()
        ? option.arity("0..1").fallbackValue("true").build()
        : option.arity("1").build();
  }

  /**
   * Returns settings with those of the command line laid over them. An option that only counts
   * where tokens are drawn has them drawn, unless {@code --do-sample} says otherwise.
   */
  public GenerationConfig over(GenerationConfig config) {
    JsonObject.Builder all = JsonObject.builder();
    given.forEach((setting, text) -> all.put(setting.jsonName(), value(setting, text)));
    boolean draws = given.keySet().stream().anyMatch(Setting::isForSampling);
    if (draws && !given.containsKey(Setting.DO_SAMPLE)) {
      all.put(Setting.DO_SAMPLE.jsonName(), JsonBool.TRUE);
    }
    return config.with(all.build());
  }

  private static JsonValue value(Setting setting, String text) {
    if (setting.isText() && !text.startsWith("[")) {
      return new JsonString(text);
    }
    try {
      return Json.parse("--" + setting.jsonName(), text);
    } catch (MalformedFileException e) {
      return new JsonString(text);
    }
  }
}
