package dev.sconce.text.internal;

import dev.sconce.text.AddedToken;
import dev.sconce.text.Padding;
import dev.sconce.text.Truncation;
import dev.sconce.text.internal.added.AddedVocabulary;
import dev.sconce.text.internal.decoder.TokenDecoder;
import dev.sconce.text.internal.model.BpeModel;
import dev.sconce.text.internal.model.Model;
import dev.sconce.text.internal.normalizer.Normalizer;
import dev.sconce.text.internal.postprocessor.PostProcessor;
import dev.sconce.text.internal.pretokenizer.ByteLevel;
import dev.sconce.text.internal.pretokenizer.PreTokenizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a tokenizer, whatever file they come from: cut out added tokens, normalise, split,
 * tokenize, post-process; and back.
 *
 * @param added finds added tokens, and normalises what is between them
 * @param preTokenizer splits, or null
 * @param model tokenizes pieces
 * @param postProcessor adds special tokens, or null
 * @param decoder turns ids into text
 * @param decoders makes the decoder
 * @param truncation how the file wants long texts cut, or null
 * @param padding how the file wants short texts filled, or null
 * @param target the engine of the language that is translated into, if it is another, or null
 */
public record Engine(
    AddedVocabulary added,
    @Nullable PreTokenizer preTokenizer,
    Model model,
    @Nullable PostProcessor postProcessor,
    TokenDecoder decoder,
    TokenDecoder.Factory decoders,
    @Nullable Truncation truncation,
    @Nullable Padding padding,
    @Nullable Engine target) {

  /**
   * What an engine is made of.
   *
   * @param addedTokens the added tokens
   * @param ownIds whether added tokens have the ids they say, instead of those the reference
   *     library would give them
   * @param normalizer rewrites texts, or null
   * @param preTokenizer splits, or null
   * @param model tokenizes pieces
   * @param postProcessor adds special tokens, or null
   * @param truncation how the file wants long texts cut, or null
   * @param padding how the file wants short texts filled, or null
   */
  public record Parts(
      List<AddedToken> addedTokens,
      boolean ownIds,
      @Nullable Normalizer normalizer,
      @Nullable PreTokenizer preTokenizer,
      Model model,
      @Nullable PostProcessor postProcessor,
      @Nullable Truncation truncation,
      @Nullable Padding padding) {}

  /** Returns an engine; a byte-level model is made to read bytes instead of their spelling. */
  public static Engine of(Parts parts, TokenDecoder.Factory decoder) {
    PreTokenizer splitter = parts.preTokenizer;
    Model tokenizer = parts.model;
    if (splitter != null && tokenizer instanceof BpeModel bpe && bpe.canReadBytes()) {
      PreTokenizer reading = withoutSpelling(splitter);
      if (reading != null) {
        splitter = reading;
        tokenizer = bpe.readingBytes();
      }
    }
    AddedVocabulary added =
        new AddedVocabulary(parts.addedTokens, tokenizer, parts.normalizer, parts.ownIds);
    return new Engine(
        added,
        splitter,
        tokenizer,
        parts.postProcessor,
        decoder.create(added, tokenizer),
        decoder,
        parts.truncation,
        parts.padding,
        null);
  }

  /** Returns this engine with more added tokens, which replace those of the same content. */
  public Engine withAdded(List<AddedToken> more) {
    AddedVocabulary all = added.with(more, model);
    return new Engine(
        all,
        preTokenizer,
        model,
        postProcessor,
        decoders.create(all, model),
        decoders,
        truncation,
        padding,
        target);
  }

  /** Returns this engine with another for the language that is translated into. */
  public Engine withTarget(Engine other) {
    return new Engine(
        added, preTokenizer, model, postProcessor, decoder, decoders, truncation, padding, other);
  }

  // Spelling bytes as characters is work for nothing if no other part sees the characters.
  private static @Nullable PreTokenizer withoutSpelling(PreTokenizer preTokenizer) {
    return switch (preTokenizer) {
      case ByteLevel(boolean addPrefixSpace, boolean useRegex, boolean spell) ->
          spell ? new ByteLevel(addPrefixSpace, useRegex, false) : null;
      case PreTokenizer.Chain(List<PreTokenizer> parts) -> {
        if (parts.isEmpty()) {
          yield null;
        }
        PreTokenizer last = withoutSpelling(parts.getLast());
        if (last == null) {
          yield null;
        }
        List<PreTokenizer> changed = new ArrayList<>(parts);
        changed.set(parts.size() - 1, last);
        yield new PreTokenizer.Chain(changed);
      }
      default -> null;
    };
  }

  /** Returns the id of a token, added ones first, or -1. */
  public int id(String token) {
    int id = added.id(token);
    return id >= 0 ? id : model.id(token);
  }

  /** Returns the token of an id, added ones first, or null. */
  public @Nullable String token(int id) {
    String token = added.token(id);
    return token != null ? token : model.token(id);
  }

  /** Returns the number of different tokens, added ones included. */
  public int size() {
    int size = model.size();
    for (AddedToken token : added.tokens()) {
      size += model.id(token.content()) < 0 ? 1 : 0;
    }
    return size;
  }
}
