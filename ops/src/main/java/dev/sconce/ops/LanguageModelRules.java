package dev.sconce.ops;

import java.util.List;

/** Rules of {@code llama::}. */
final class LanguageModelRules {

  private LanguageModelRules() {}

  static void addTo(ResultRules.Table table) {
    for (String name : List.of("custom_sdpa", "custom_quantized_sdpa", "sdpa_with_kv_cache")) {
      table.add("llama::" + name + ".out", LanguageModelRules::likeQuery);
    }
    for (String name : List.of("gated_delta_rule", "channelwise_gated_delta_rule")) {
      table.add(
          "llama::" + name + ".out",
          arguments -> {
            TensorSpec value = arguments.tensor(2);
            LinearAlgebraRules.requireRank(arguments, 0, arguments.tensor(0), 4);
            LinearAlgebraRules.requireRank(arguments, 2, value, 4);
            // Each head of keys and values may serve several heads of queries.
            long heads = arguments.tensor(0).shape().size(1);
            return List.of(
                new TensorSpec(value.dtype(), value.shape().with(1, heads)), arguments.tensor(5));
          });
    }
    table.add("llama::fallback.out", arguments -> List.of(arguments.tensor(0)));
    table.add("llama::fast_hadamard_transform.out", arguments -> List.of(arguments.tensor(0)));
    table.add("llama::quantized_moe_ffn.out", arguments -> List.of(arguments.tensor(0)));
    // The result of a cache update is a placeholder; the cache is what changes.
    table.add("llama::update_cache.out", arguments -> List.of(arguments.tensor(3)));
    table.add("llama::update_cache_with_indices.out", arguments -> List.of(arguments.tensor(4)));
  }

  private static List<TensorSpec> likeQuery(OperatorArguments arguments) {
    int out = arguments.schema().arguments().size() - 1;
    return List.of(new TensorSpec(arguments.tensor(out).dtype(), arguments.tensor(0).shape()));
  }
}
