package dev.sconce.generate.runner;

import java.util.Locale;

/**
 * Counts and times of one generation, by the names of ExecuTorch's {@code Stats}; times in
 * milliseconds of one clock.
 *
 * @param modelLoadStartMs when loading began; 0 if the caller loaded
 * @param modelLoadEndMs when loading was over
 * @param inferenceStartMs when the generation began, before the prompt's text became tokens
 * @param inferenceEndMs when the generation was over
 * @param modelExecutionStartMs when the last execution of the program began
 * @param modelExecutionEndMs when the last execution of the program was over
 * @param promptEvalEndMs when all tokens of the prompt had been passed
 * @param firstTokenMs when the first token was there
 * @param aggregateSamplingTimeMs the time that rules and choosing tokens took
 * @param aggregateModelExecutionTimeMs the time that executions of the program took
 * @param numPromptTokens the tokens of all prompts
 * @param numGeneratedTokens the new tokens of all rows; as upstream counts, the first of each row
 *     belongs to the prompt's evaluation and is not among them
 */
public record Stats(
    long modelLoadStartMs,
    long modelLoadEndMs,
    long inferenceStartMs,
    long inferenceEndMs,
    long modelExecutionStartMs,
    long modelExecutionEndMs,
    long promptEvalEndMs,
    long firstTokenMs,
    long aggregateSamplingTimeMs,
    long aggregateModelExecutionTimeMs,
    long numPromptTokens,
    long numGeneratedTokens) {

  private static final Stats NONE = new Stats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Returns the counts before anything was generated. */
  public static Stats none() {
    return NONE;
  }

  /** Returns tokens of the prompt a second, making tokens of its text included; 0 if unknown. */
  public double promptTokensPerSecond() {
    return rate(numPromptTokens, promptEvalEndMs - inferenceStartMs);
  }

  /** Returns generated tokens a second, after the prompt; 0 if unknown. */
  public double generatedTokensPerSecond() {
    return rate(numGeneratedTokens, inferenceEndMs - promptEvalEndMs);
  }

  private static double rate(long tokens, long millis) {
    return millis <= 0 ? 0 : tokens * 1000.0 / millis;
  }

  /** Returns the milliseconds from the start to the first token. */
  public long timeToFirstTokenMs() {
    return firstTokenMs - inferenceStartMs;
  }

  /** Returns the JSON that ExecuTorch's runners report, its members in the same order. */
  public String toJson() {
    StringBuilder json = new StringBuilder("{");
    rate(json, "prefill_token_per_sec", numPromptTokens, promptEvalEndMs - inferenceStartMs);
    rate(json, "decode_token_per_sec", numGeneratedTokens, inferenceEndMs - promptEvalEndMs);
    number(json, "prompt_tokens", numPromptTokens);
    number(json, "generated_tokens", numGeneratedTokens);
    number(json, "model_load_start_ms", modelLoadStartMs);
    number(json, "model_load_end_ms", modelLoadEndMs);
    number(json, "inference_start_ms", inferenceStartMs);
    number(json, "inference_end_ms", inferenceEndMs);
    number(json, "model_execution_start_ms", modelExecutionStartMs);
    number(json, "model_execution_end_ms", modelExecutionEndMs);
    number(json, "prompt_eval_end_ms", promptEvalEndMs);
    number(json, "first_token_ms", firstTokenMs);
    number(json, "aggregate_sampling_time_ms", aggregateSamplingTimeMs);
    number(json, "aggregate_model_execution_time_ms", aggregateModelExecutionTimeMs);
    return json.append("\"SCALING_FACTOR_UNITS_PER_SECOND\":1000}").toString();
  }

  private static void rate(StringBuilder json, String name, long tokens, long millis) {
    if (millis > 0) {
      String rate = six(rate(tokens, millis));
      json.append('"').append(name).append("\":").append(rate).append(',');
    }
  }

  private static void number(StringBuilder json, String name, long value) {
    json.append('"').append(name).append("\":").append(value).append(',');
  }

  /** Writes six significant digits without trailing zeros, as C++ streams do by default. */
  private static String six(double value) {
    if (value == 0) {
      return "0";
    }
    java.math.BigDecimal rounded =
        new java.math.BigDecimal(value)
            .round(new java.math.MathContext(6, java.math.RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - rounded.scale() - 1;
    java.math.BigDecimal plain = rounded.stripTrailingZeros();
    if (exponent >= -4 && exponent < 6) {
      return plain.toPlainString();
    }
    String digits = plain.unscaledValue().abs().toString();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    String sign = value < 0 ? "-" : "";
    return String.format(
        Locale.ROOT,
        "%s%s%se%s%02d",
        sign,
        digits.charAt(0),
        fraction,
        exponent < 0 ? "-" : "+",
        Math.abs(exponent));
  }

  /** Returns the line that ExecuTorch's tools look for in a log. */
  public String observerLine() {
    return "PyTorchObserver " + toJson();
  }
}
