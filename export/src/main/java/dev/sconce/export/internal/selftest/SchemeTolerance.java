package dev.sconce.export.internal.selftest;

import dev.sconce.base.DType;
import dev.sconce.base.json.JsonObject;
import dev.sconce.export.ExportOptions;

/**
 * How far outputs may be off on another machine or in another runtime, relative to the root mean
 * square of the output.
 *
 * <p>Sums in another order move a float32 output by about 1e-6. Half types round every activation.
 * Where activations are quantised on the way, such a difference may tip a value over to the next of
 * 256 steps, and the layers behind it multiply that: seen between this runtime and the official one
 * are up to 0.03.
 *
 * @param scheme what the weights are stored as
 * @param relative the greatest difference
 */
public record SchemeTolerance(String scheme, double relative) {

  private static final double FLOAT32 = 1e-3;
  private static final double FLOAT16 = 0.02;
  private static final double BFLOAT16 = 0.1;
  private static final double DYNAMIC_ACTIVATIONS = 0.1;

  /** Returns the tolerance of what is exported with some options. */
  public static SchemeTolerance of(ExportOptions options) {
    String linear = options.linear().orElse("");
    String overrides = String.join(",", options.linearOverrides().values());
    double relative = ofType(options.dtype());
    if ((linear + overrides).contains("8da")) {
      relative = Math.max(relative, DYNAMIC_ACTIVATIONS);
    }
    StringBuilder scheme = new StringBuilder(options.dtype().torchName());
    if (!linear.isEmpty()) {
      scheme.append(", linear ").append(linear);
    }
    if (!overrides.isEmpty()) {
      scheme.append(", some ").append(overrides);
    }
    options.embedding().ifPresent(embedding -> scheme.append(", embedding ").append(embedding));
    return new SchemeTolerance(scheme.toString(), relative);
  }

  /** Returns it as {@code et_gen_info} has it. */
  public JsonObject toJson() {
    return JsonObject.builder().put("scheme", scheme).put("relative", relative).build();
  }

  private static double ofType(DType dtype) {
    return switch (dtype) {
      case FLOAT16 -> FLOAT16;
      case BFLOAT16 -> BFLOAT16;
      default -> FLOAT32;
    };
  }
}
