package dev.sconce.export.generation;

import dev.sconce.base.DType;
import dev.sconce.export.block.Blocks;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers of the settings vector, with the file's defaults where the vector has none. Switches
 * of lists that the file does not have are not read.
 *
 * <pre>
 * padded = cat(settings, NaN …)[: n]
 * for every setting:  number = padded[i];  if number is NaN: number := default
 * </pre>
 */
public final class Settings {

  private final Map<EmbeddedSetting, Value> numbers = new EnumMap<>(EmbeddedSetting.class);
  private final Map<EmbeddedSetting, Value> counts = new EnumMap<>(EmbeddedSetting.class);

  private Settings() {}

  /**
   * Writes the reading of the vector, which belongs at the beginning of a method.
   *
   * @param vector {@code float32[n]}, of any length up to {@link #size}
   * @param refusal what ends a call with numbers out of their ranges
   */
  public static Settings read(
      Blocks blocks, Value vector, GenerationConfig defaults, Refusal refusal) {
    Settings settings = new Settings();
    Author a = blocks.author();
    float[] nothing = new float[size()];
    Arrays.fill(nothing, Float.NaN);
    Value absent = blocks.constant(Weight.of("settings.absent", nothing, size()), DType.FLOAT32);
    Value all = a.slice(a.cat(List.of(vector, absent), 0), 0, 0, size());
    refusal.unless(inRange(blocks, all));
    for (EmbeddedSetting setting : EmbeddedSetting.values()) {
      double fallback = setting.of(defaults);
      if (!setting.isBaked() || fallback != setting.neutral()) {
        settings.read(blocks, all, setting, fallback);
      }
    }
    return settings;
  }

  /** Writes whether each number is NaN or in its range. */
  private static Value inRange(Blocks blocks, Value all) {
    Author a = blocks.author();
    float[] least = new float[size()];
    float[] greatest = new float[size()];
    for (EmbeddedSetting setting : EmbeddedSetting.values()) {
      least[setting.index()] = (float) setting.least();
      greatest[setting.index()] = (float) setting.greatest();
    }
    Value below =
        a.compare(
            "lt", all, blocks.constant(Weight.of("settings.least", least, size()), DType.FLOAT32));
    Value above =
        a.compare(
            "gt",
            all,
            blocks.constant(Weight.of("settings.greatest", greatest, size()), DType.FLOAT32));
    return a.unary("logical_not", a.or(below, above));
  }

  /** Returns how many numbers the vector has. */
  public static int size() {
    return EmbeddedSetting.values().length;
  }

  private void read(Blocks blocks, Value all, EmbeddedSetting setting, double fallback) {
    Author a = blocks.author();
    Value number =
        blocks.builder().variable("settings." + setting.jsonName(), Type.DoubleType.DOUBLE);
    Value given =
        blocks
            .builder()
            .call("aten::_local_scalar_dense", Operand.of(a.select(all, 0, setting.index())));
    blocks.builder().assign(number, Operand.of(given));
    // Only NaN differs from itself.
    Value present = a.number("eq", Operand.of(given), Operand.of(given));
    a.branch(present, () -> {}, () -> blocks.builder().assign(number, Operand.of(fallback)));
    numbers.put(setting, number);
    if (setting.isCount()) {
      counts.put(
          setting,
          a.number(
              "trunc",
              blocks.builder().freshSymbol(setting.jsonName(), 0, Integer.MAX_VALUE),
              Operand.of(number)));
    }
  }

  /** Returns a setting as a double of the program. */
  public Value number(EmbeddedSetting setting) {
    return java.util.Objects.requireNonNull(numbers.get(setting));
  }

  /** Returns an integer setting as an integer of the program. */
  public Value count(EmbeddedSetting setting) {
    Value count = counts.get(setting);
    if (count == null) {
      throw new IllegalArgumentException(setting + " is no integer");
    }
    return count;
  }

  /** Returns the dimension that stands for an integer setting. */
  public Dim dim(EmbeddedSetting setting) {
    return count(setting).type() instanceof Type.IntType(Dim dim) ? dim : Dim.ZERO;
  }
}
