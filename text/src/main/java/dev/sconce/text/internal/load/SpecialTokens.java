package dev.sconce.text.internal.load;

import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.text.AddedToken;
import dev.sconce.text.internal.Engine;
import dev.sconce.text.internal.json.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tokenizer_config.json} and {@code special_tokens_map.json} say.
 *
 * @param byRole special tokens by role, such as {@code eos_token}
 * @param added the added tokens that the configuration describes, and all special ones
 * @param cleanUpSpaces whether decoded text loses spaces before punctuation
 */
public record SpecialTokens(
    Map<String, String> byRole, List<AddedToken> added, boolean cleanUpSpaces) {

  /** Copies map and list. */
  public SpecialTokens {
    byRole = Map.copyOf(byRole);
    added = List.copyOf(added);
  }

  /** Returns the value for a tokenizer without configuration. */
  public static SpecialTokens none() {
    return new SpecialTokens(Map.of(), List.of(), false);
  }

  /** Returns the value for a tokenizer whose own file names the roles. */
  public static SpecialTokens ofRoles(Map<String, String> roles) {
    return new SpecialTokens(roles, List.of(), false);
  }

  /** Returns these tokens, with the roles of others where these have none. */
  public SpecialTokens orRoles(SpecialTokens others) {
    Map<String, String> roles = new LinkedHashMap<>(others.byRole);
    roles.putAll(byRole);
    return new SpecialTokens(roles, added, cleanUpSpaces);
  }

  /** Returns these tokens and those of a configuration, which count more. */
  public SpecialTokens with(String file, JsonObject config) {
    Map<String, String> roles = new LinkedHashMap<>(byRole);
    List<AddedToken> tokens = new ArrayList<>(added);
    Fields f = new Fields(file, "", config);
    if (f.has("added_tokens_decoder")) {
      Fields decoder = f.object("added_tokens_decoder");
      for (String id : decoder.object().members().keySet()) {
        tokens.add(token(decoder.object(id), false));
      }
    }
    config
        .members()
        .forEach(
            (name, value) -> {
              if (name.endsWith("_token")) {
                AddedToken token = special(f.file(), name, value);
                if (token != null) {
                  roles.put(name, token.content());
                  addIfNew(tokens, token);
                }
              } else if (name.endsWith("_special_tokens") && value instanceof JsonArray array) {
                for (JsonValue each : array) {
                  AddedToken token = special(f.file(), name, each);
                  if (token != null) {
                    addIfNew(tokens, token);
                  }
                }
              }
            });
    return new SpecialTokens(
        roles, tokens, config.bool("clean_up_tokenization_spaces").orElse(cleanUpSpaces));
  }

  private static void addIfNew(List<AddedToken> tokens, AddedToken token) {
    if (tokens.stream().noneMatch(t -> t.content().equals(token.content()))) {
      tokens.add(token);
    }
  }

  // A token is a string, or an object that describes an added token.
  private static @Nullable AddedToken special(String file, String name, JsonValue value) {
    return switch (value) {
      case JsonString(String content) when !content.isEmpty() ->
          new AddedToken(0, content, false, false, false, false, true);
      case JsonObject object -> token(new Fields(file, name, object), true);
      default -> null;
    };
  }

  private static AddedToken token(Fields f, boolean special) {
    boolean isSpecial = special || f.bool("special", false);
    return new AddedToken(
        0,
        f.string("content"),
        f.bool("single_word", false),
        f.bool("lstrip", false),
        f.bool("rstrip", false),
        f.bool("normalized", !isSpecial),
        isSpecial);
  }

  /** Returns an engine that knows the tokens which its own file lacks or describes otherwise. */
  public Engine addTo(Engine engine) {
    Map<String, AddedToken> known = new LinkedHashMap<>();
    for (AddedToken token : engine.added().tokens()) {
      known.put(token.content(), token);
    }
    List<AddedToken> missing = new ArrayList<>();
    for (AddedToken token : added) {
      AddedToken old = known.get(token.content());
      boolean byRoleOnly = old != null && byRole.containsValue(token.content());
      if (old == null || (!byRoleOnly && !sameFlags(old, token))) {
        missing.add(token);
      }
    }
    return missing.isEmpty() ? engine : engine.withAdded(missing);
  }

  private static boolean sameFlags(AddedToken a, AddedToken b) {
    return a.singleWord() == b.singleWord()
        && a.lstrip() == b.lstrip()
        && a.rstrip() == b.rstrip()
        && a.normalized() == b.normalized()
        && a.special() == b.special();
  }
}
