package dev.sconce.text.internal.added;

import dev.sconce.text.AddedToken;
import dev.sconce.text.internal.model.Model;
import dev.sconce.text.internal.normalizer.Normalizer;
import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.Pieces;
import dev.sconce.text.internal.unicode.CodePointSet;
import dev.sconce.text.internal.unicode.UnicodeTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The added tokens of a tokenizer: cuts them out of texts before anything else. Immutable. */
public final class AddedVocabulary {

  private final Map<String, Integer> ids = new HashMap<>();
  private final SequencedMap<Integer, AddedToken> tokens = new LinkedHashMap<>();
  private final Map<Integer, String> normalizedForms = new HashMap<>();
  private final Set<String> specials = new HashSet<>();
  private final @Nullable Normalizer normalizer;
  private final boolean ownIds;
  private final @Nullable Finder inOriginal;
  private final @Nullable Finder inNormalized;

  /**
   * Creates the vocabulary. Tokens get the ids they have in the model; others follow after the
   * largest one, in order, whatever their files say, as in the reference library.
   *
   * @param ownIds whether tokens keep the ids they come with instead
   */
  public AddedVocabulary(
      List<AddedToken> added, Model model, @Nullable Normalizer normalizer, boolean ownIds) {
    this.normalizer = normalizer;
    this.ownIds = ownIds;
    int next = model.size();
    for (AddedToken token : added) {
      if (token.content().isEmpty()) {
        continue;
      }
      Integer known = ids.get(token.content());
      int id = known != null ? known : model.id(token.content());
      if (ownIds) {
        id = token.id();
      } else if (id < 0) {
        id = next++;
      }
      add(token, id);
    }
    this.inOriginal = finder(false);
    this.inNormalized = finder(true);
  }

  /** Returns this vocabulary and more tokens, which replace those of the same content. */
  public AddedVocabulary with(List<AddedToken> more, Model model) {
    List<AddedToken> all = new ArrayList<>(tokens.values());
    all.addAll(more);
    return new AddedVocabulary(all, model, normalizer, ownIds);
  }

  private void add(AddedToken token, int id) {
    AddedToken numbered =
        new AddedToken(
            id,
            token.content(),
            token.singleWord(),
            token.lstrip(),
            token.rstrip(),
            token.normalized(),
            token.special());
    if (token.normalized() && normalizer != null) {
      String form = normalizer.normalize(AlignedText.original(token.content())).text();
      if (!form.equals(token.content())) {
        normalizedForms.put(id, form);
      }
    }
    ids.put(token.content(), id);
    if (token.special()) {
      specials.add(token.content());
    }
    tokens.put(id, numbered);
  }

  private @Nullable Finder finder(boolean normalized) {
    List<AddedToken> wanted = new ArrayList<>();
    List<String> literals = new ArrayList<>();
    for (AddedToken token : tokens.values()) {
      if (token.normalized() == normalized) {
        String literal =
            normalized
                ? normalizedForms.getOrDefault(token.id(), token.content())
                : token.content();
        if (!literal.isEmpty()) {
          wanted.add(token);
          literals.add(literal);
        }
      }
    }
    return wanted.isEmpty() ? null : new Finder(wanted, new AhoCorasick(literals));
  }

  private record Finder(List<AddedToken> tokens, AhoCorasick literals) {}

  /** Returns the id of an added token, or -1. */
  public int id(String content) {
    return ids.getOrDefault(content, -1);
  }

  /** Returns the string of an added token, in its normalised form if it has one, or null. */
  public @Nullable String token(int id) {
    AddedToken token = tokens.get(id);
    return token == null ? null : normalizedForms.getOrDefault(id, token.content());
  }

  /** Returns whether a token's string is that of a special token. */
  public boolean isSpecial(String token) {
    return specials.contains(token);
  }

  /** Returns the added tokens in the order they were added. */
  public List<AddedToken> tokens() {
    return List.copyOf(tokens.values());
  }

  /**
   * Returns a text cut into added tokens and normalised pieces.
   *
   * @param encodeSpecial whether special tokens in the text are ordinary text
   */
  public Pieces split(String text, boolean encodeSpecial) {
    Pieces raw = new Pieces();
    cut(AlignedText.original(text), inOriginal, encodeSpecial, raw);
    if (normalizer == null && inNormalized == null) {
      return raw;
    }
    Pieces pieces = new Pieces();
    for (int i = 0; i < raw.size(); i++) {
      if (raw.token(i) != Pieces.NO_TOKEN) {
        pieces.add(raw, i);
        continue;
      }
      AlignedText piece = raw.slice(i);
      cut(
          normalizer == null ? piece : normalizer.normalize(piece),
          inNormalized,
          encodeSpecial,
          pieces);
    }
    return pieces;
  }

  private void cut(AlignedText text, @Nullable Finder finder, boolean encodeSpecial, Pieces out) {
    String s = text.text();
    if (finder == null) {
      out.add(text, 0, s.length());
      return;
    }
    int at = 0;
    for (AhoCorasick.Match match : finder.literals.find(s)) {
      AddedToken token = finder.tokens.get(match.literal());
      int start = match.start();
      int end = match.end();
      if (encodeSpecial && specials.contains(token.content())) {
        continue;
      }
      if (token.singleWord() && (isWordBefore(s, start) || isWordAt(s, end))) {
        continue;
      }
      if (token.lstrip()) {
        start = Math.max(spaceBefore(s, start, at), at);
      }
      if (token.rstrip()) {
        end = spaceAfter(s, end);
      }
      if (at < start) {
        out.add(text, at, start);
      }
      out.add(text, start, end, token.id());
      at = end;
    }
    if (at < s.length()) {
      out.add(text, at, s.length());
    }
  }

  private static boolean isWordBefore(String s, int at) {
    return at > 0 && UnicodeTables.get().set("regex.word").contains(s.codePointBefore(at));
  }

  private static boolean isWordAt(String s, int at) {
    return at < s.length() && UnicodeTables.get().set("regex.word").contains(s.codePointAt(at));
  }

  // White space is in the basic plane: one unit is one character.
  private static int spaceBefore(String s, int at, int floor) {
    CodePointSet space = UnicodeTables.get().set("regex.space");
    int from = at;
    while (from > floor && space.contains(s.charAt(from - 1))) {
      from--;
    }
    return from;
  }

  private static int spaceAfter(String s, int at) {
    CodePointSet space = UnicodeTables.get().set("regex.space");
    int to = at;
    while (to < s.length() && space.contains(s.charAt(to))) {
      to++;
    }
    return to;
  }
}
