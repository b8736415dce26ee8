package dev.sconce.text.internal.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tokens and their ids, in both directions. Immutable. */
public final class Vocabulary {

  private final Map<String, Integer> ids;
  // Tokens by id where ids are dense enough for an array, which they nearly always are.
  private final @Nullable String[] dense;
  private final Map<Integer, String> sparse;

  private Vocabulary(
      Map<String, Integer> ids, @Nullable String[] dense, Map<Integer, String> sparse) {
    this.ids = ids;
    this.dense = dense;
    this.sparse = sparse;
  }

  /** Returns a vocabulary of tokens with their ids; both are unique. The map is not copied. */
  public static Vocabulary of(Map<String, Integer> ids) {
    int max = -1;
    for (int id : ids.values()) {
      max = Math.max(max, id);
    }
    @Nullable String[] dense = new String[max < ids.size() * 4L + 1024 ? max + 1 : 0];
    Map<Integer, String> sparse = new HashMap<>();
    ids.forEach(
        (token, id) -> {
          if (id < dense.length) {
            dense[id] = token;
          } else {
            sparse.put(id, token);
          }
        });
    return new Vocabulary(ids, dense, sparse);
  }

  /** Returns a vocabulary of tokens whose ids are their places; of equal tokens the last counts. */
  public static Vocabulary ofList(List<String> tokens) {
    Map<String, Integer> ids = HashMap.newHashMap(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      ids.put(tokens.get(i), i);
    }
    return new Vocabulary(ids, tokens.toArray(new String[0]), Map.of());
  }

  /** Returns the id of a token, or -1. */
  public int id(String token) {
    Integer id = ids.get(token);
    return id == null ? -1 : id;
  }

  /** Returns the token of an id, or null. */
  public @Nullable String token(int id) {
    return id >= 0 && id < dense.length ? dense[id] : sparse.get(id);
  }

  /** Returns the number of different tokens. */
  public int size() {
    return ids.size();
  }

  /** Returns the ids by token. */
  public Map<String, Integer> ids() {
    return ids;
  }
}
