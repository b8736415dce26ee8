package dev.sconce.export.task;

import dev.sconce.base.DType;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.export.generation.EndTokens;
import dev.sconce.export.generation.GenerateMethod;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.export.generation.ScoreRules;
import dev.sconce.export.generation.StepCap;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.generate.resource.ResourceNames;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import dev.sconce.graph.emit.ConstantMethod;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What a program says about the generation inside it: {@code et_gen_version, et_gen_info}. */
public final class GenerationInfo {

  /** The version of the contract. */
  public static final int VERSION = 1;

  private GenerationInfo() {}

  /**
   * Returns the constant methods; none if nothing is embedded.
   *
   * @param methods the finished methods of the program
   * @param provenance how it was exported
   * @param tolerance how far outputs may be off elsewhere: the scheme and a share of their root
   *     mean square
   */
  public static List<ConstantMethod> of(
      ModelConfig config,
      Task.Shape shape,
      List<Graph> methods,
      JsonObject provenance,
      JsonObject tolerance) {
    if (!shape.generation().embedded()) {
      return List.of();
    }
    String json =
        json(config, shape, methods)
            .put("provenance", provenance)
            .put("tolerance", tolerance)
            .build()
            .toString();
    return List.of(
        ConstantMethod.of(ResourceNames.ET_GEN_VERSION, VERSION),
        ConstantMethod.of(ResourceNames.ET_GEN_INFO, json.getBytes(StandardCharsets.UTF_8)));
  }

  private static JsonObject.Builder json(
      ModelConfig config, Task.Shape shape, List<Graph> methods) {
    Generation generation = shape.generation();
    GenerationConfig defaults = generation.config();
    JsonObject.Builder signatures = JsonObject.builder();
    methods.forEach(graph -> signatures.put(graph.name(), signature(graph)));
    return JsonObject.builder()
        .put("version", VERSION)
        .put("architecture", config.string("model_type", ""))
        .put("limits", limits(shape, methods))
        .put("tokens", tokens(config, defaults))
        .put("settings", settings(defaults))
        .put("rules", rules(defaults))
        .put("config", defaults.toJson())
        .put("methods", signatures.build());
  }

  private static JsonObject limits(Task.Shape shape, List<Graph> methods) {
    JsonObject.Builder steps = JsonObject.builder();
    for (Graph graph : methods) {
      if (graph.name().startsWith(GenerateMethod.NAME)) {
        steps.put(graph.name(), StepCap.of(graph));
      }
    }
    return JsonObject.builder()
        .put("batch", shape.generation().batch())
        .put("beams", shape.generation().beams())
        .put("context", shape.maxSequenceLength())
        .put("eos_token_ids", EndTokens.LIMIT)
        .put("instructions", StepCap.INSTRUCTIONS)
        .put("steps", steps.build())
        .build();
  }

  private static JsonObject tokens(ModelConfig config, GenerationConfig defaults) {
    JsonObject.Builder tokens = JsonObject.builder();
    config.optionalInteger("bos_token_id").ifPresent(id -> tokens.put("bos", id));
    config
        .optionalInteger("decoder_start_token_id")
        .ifPresent(id -> tokens.put("decoder_start", id));
    tokens.put("eos", numbers(defaults.tokens(Setting.EOS_TOKEN_ID)));
    tokens.put("pad", defaults.padToken());
    return tokens.build();
  }

  private static JsonArray settings(GenerationConfig defaults) {
    return new JsonArray(
        Arrays.stream(EmbeddedSetting.values())
            .map(
                setting ->
                    (JsonValue)
                        JsonObject.builder()
                            .put("name", setting.jsonName())
                            .put("default", setting.of(defaults))
                            .put("neutral", setting.neutral())
                            .build())
            .toList());
  }

  private static JsonObject rules(GenerationConfig defaults) {
    ScoreRules rules = ScoreRules.of(defaults);
    return JsonObject.builder()
        .put("always", names(rules.always()))
        .put("sampling", names(rules.filters()))
        .put("last", names(rules.last()))
        .build();
  }

  private static JsonArray names(List<ScoreRule> rules) {
    return new JsonArray(
        rules.stream().map(rule -> (JsonValue) new JsonString(rule.name())).toList());
  }

  private static JsonArray numbers(int... values) {
    return new JsonArray(
        Arrays.stream(values).mapToObj(value -> (JsonValue) JsonNumber.of(value)).toList());
  }

  private static JsonObject signature(Graph graph) {
    return JsonObject.builder()
        .put("inputs", tensors(graph.inputs(), true))
        .put("outputs", tensors(graph.outputs(), false))
        .build();
  }

  private static JsonArray tensors(List<Value> values, boolean named) {
    return new JsonArray(values.stream().map(value -> (JsonValue) tensor(value, named)).toList());
  }

  private static JsonObject tensor(Value value, boolean named) {
    JsonObject.Builder tensor = JsonObject.builder();
    if (named) {
      tensor.put("name", value.name());
    }
    if (value.type() instanceof Type.TensorType(DType dtype, var shape)) {
      tensor.put("dtype", dtype.torchName());
      tensor.put(
          "shape",
          new JsonArray(
              shape.stream()
                  .map(
                      dim ->
                          dim.isFixed()
                              ? (JsonValue) JsonNumber.of(dim.value())
                              : new JsonString(dim.toString()))
                  .toList()));
    }
    return tensor.build();
  }
}
