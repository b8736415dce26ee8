package dev.sconce.export.block;

import dev.sconce.base.ExportException;
import dev.sconce.graph.Author;
import dev.sconce.graph.Value;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The activation functions, by their names in transformers. */
public enum Activation {
  /** max(x, 0). */
  RELU {
    @Override
    public Value apply(Author a, Value x) {
      return a.unary("relu", x);
    }
  },
  /** x · sigmoid(x). */
  SILU {
    @Override
    public Value apply(Author a, Value x) {
      return a.silu(x);
    }
  },
  /** x · Φ(x). */
  GELU {
    @Override
    public Value apply(Author a, Value x) {
      return a.gelu(x, false);
    }
  },
  /** GELU with tanh in place of Φ. */
  GELU_TANH {
    @Override
    public Value apply(Author a, Value x) {
      return a.gelu(x, true);
    }
  },
  /** tanh(x). */
  TANH {
    @Override
    public Value apply(Author a, Value x) {
      return a.unary("tanh", x);
    }
  };

  /** Writes the function. */
  public abstract Value apply(Author a, Value x);

  /**
   * Returns the function of a name in {@code ACT2FN}.
   *
   * @param key the config key that holds the name, for errors
   * @throws ExportException if it is not supported
   */
  public static Activation named(String key, String name) {
    return switch (name) {
      case "relu" -> RELU;
      case "silu", "swish" -> SILU;
      case "gelu", "gelu_python" -> GELU;
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_accurate" -> GELU_TANH;
      case "tanh" -> TANH;
      default ->
          throw new ExportException(
              "config key '" + key + "' = \"" + name + "\"",
              "supported are "
                  + Arrays.stream(values())
                      .map(v -> v.name().toLowerCase(Locale.ROOT))
                      .collect(Collectors.joining(", ")));
    };
  }
}
