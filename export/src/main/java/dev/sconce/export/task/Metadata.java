package dev.sconce.export.task;

import dev.sconce.base.DType;
import dev.sconce.base.ExportException;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.graph.emit.ConstantMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Metadata that several tasks write alike. */
final class Metadata {

  private static final int HALF_CODE = 5;
  private static final int FLOAT_CODE = 6;
  private static final int BFLOAT_CODE = 15;

  private Metadata() {}

  /** The element type of weights, by torch's number. */
  static ConstantMethod dtype(BlockOptions options) {
    return ConstantMethod.of("get_dtype", code(options.dtype()));
  }

  private static int code(DType dtype) {
    return switch (dtype) {
      case FLOAT16 -> HALF_CODE;
      case BFLOAT16 -> BFLOAT_CODE;
      default -> FLOAT_CODE;
    };
  }

  /**
   * The tokens that end a text; upstream's runners read the plural, optimum's classes the other.
   */
  static List<ConstantMethod> eos(ModelConfig config, ModelConfig generation) {
    List<Integer> eos =
        generation.has("eos_token_id")
            ? generation.integers("eos_token_id")
            : config.integers("eos_token_id");
    if (eos.isEmpty()) {
      return List.of();
    }
    long[] ids = eos.stream().mapToLong(Integer::longValue).toArray();
    return List.of(ConstantMethod.of("get_eos_ids", ids), ConstantMethod.of("get_eos_id", ids));
  }

  /** What all encoders of text say. */
  static List<ConstantMethod> ofText(ModelConfig config, BlockOptions options, Task.Shape shape) {
    List<ConstantMethod> methods = new ArrayList<>();
    methods.add(dtype(options));
    methods.add(ConstantMethod.of("get_max_batch_size", shape.batch()));
    methods.add(ConstantMethod.of("get_max_seq_len", shape.maxSequenceLength()));
    methods.add(ConstantMethod.of("enable_dynamic_shape", shape.dynamic()));
    config
        .optionalInteger("pad_token_id")
        .ifPresent(id -> methods.add(ConstantMethod.of("get_pad_id", id)));
    return methods;
  }

  /** The labels of a classifier, in the order of its outputs. */
  static List<ConstantMethod> labels(ModelConfig config) {
    Map<Long, String> labels = new TreeMap<>();
    config
        .object("id2label")
        .ifPresent(
            object ->
                object
                    .json()
                    .members()
                    .forEach((id, label) -> labels.put(number(id), text(label))));
    if (labels.isEmpty()) {
      return List.of();
    }
    return List.of(
        ConstantMethod.of(
            "get_label_ids", labels.keySet().stream().mapToLong(Long::longValue).toArray()),
        ConstantMethod.of("get_label_names", List.copyOf(labels.values())));
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException e) {
      throw new ExportException(
          "config key 'id2label'", "expected numbers as keys, found '" + id + "'");
    }
  }

  private static String text(JsonValue label) {
    return label instanceof JsonString(String text) ? text : label.toString();
  }
}
