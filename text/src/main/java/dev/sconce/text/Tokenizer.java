package dev.sconce.text;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.text.internal.Engine;
import dev.sconce.text.internal.decoder.SpaceCleaner;
import dev.sconce.text.internal.encoding.Encoder;
import dev.sconce.text.internal.encoding.Padder;
import dev.sconce.text.internal.encoding.TokenRows;
import dev.sconce.text.internal.load.FileSet;
import dev.sconce.text.internal.load.SpecialTokens;
import dev.sconce.text.internal.load.TokenizerFiles;
import dev.sconce.text.internal.model.BpeModel;
import dev.sconce.text.internal.postprocessor.PostProcessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns texts into the ids that a model was trained on, and ids into text, exactly as the
 * tokenizer's original library does.
 *
 * <p>Immutable and safe to share between threads; the {@code with…} methods return other tokenizers
 * that share everything large.
 *
 * <p>Texts are Java strings. An unpaired surrogate, which is no character, is read as U+FFFD.
 */
public final class Tokenizer {

  private final Engine engine;
  private final SpecialTokens specialTokens;
  private final @Nullable Truncation truncation;
  private final @Nullable Padding padding;
  private final boolean specialTokensAsText;

  private Tokenizer(
      Engine engine,
      SpecialTokens specialTokens,
      @Nullable Truncation truncation,
      @Nullable Padding padding,
      boolean specialTokensAsText) {
    this.engine = engine;
    this.specialTokens = specialTokens;
    this.truncation = truncation;
    this.padding = padding;
    this.specialTokensAsText = specialTokensAsText;
  }

  /**
   * Loads a tokenizer from a file or a checkpoint directory.
   *
   * <p>Files: {@code tokenizer.json}, SentencePiece models, tiktoken rank files, {@code
   * tekken.json}, llama2.c's {@code tokenizer.bin}. A directory may hold any of them, or Marian's
   * {@code source.spm}, {@code target.spm} and {@code vocab.json}; {@code tokenizer_config.json}
   * and {@code special_tokens_map.json} beside them are read too.
   *
   * @throws IOException if a file cannot be read
   * @throws MalformedFileException if a file is corrupt, contradicts itself, or uses a component or
   *     option that is not known
   */
  public static Tokenizer load(Path path) throws IOException {
    return of(TokenizerFiles.load(path));
  }

  /**
   * Reads a tokenizer from the bytes of one of the files that {@link #load} accepts.
   *
   * @param name the name that errors show
   * @throws MalformedFileException if the bytes are no such file
   */
  public static Tokenizer read(String name, byte[] bytes) {
    return of(TokenizerFiles.read(name, bytes));
  }

  /**
   * Reads a tokenizer from the files of a checkpoint directory in memory: its vocabulary, and what
   * lies beside it, such as {@code tokenizer_config.json}.
   *
   * @param name the name that errors show
   * @param files the files by the names they have in the directory
   * @throws MalformedFileException if there is no tokenizer among them, or a file is malformed
   */
  public static Tokenizer read(String name, Map<String, byte[]> files) {
    try {
      return of(TokenizerFiles.load(FileSet.of(name, files)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the files of a checkpoint directory that make its tokenizer, for {@link #read(String,
   * Map)}.
   *
   * @return the bytes by the files' names, those with the vocabulary first; none if the directory
   *     holds no tokenizer
   * @throws IOException if a file cannot be read
   */
  public static SequencedMap<String, byte[]> files(Path directory) throws IOException {
    return TokenizerFiles.of(FileSet.of(directory));
  }

  private static Tokenizer of(TokenizerFiles.Loaded loaded) {
    Engine engine = loaded.engine();
    return new Tokenizer(
        engine,
        loaded.specialTokens(),
        engine.truncation(),
        engine.padding(),
        loaded.specialTokensAsText());
  }

  /**
   * Returns a tokenizer that cuts long texts.
   *
   * @throws InvalidInputException if special tokens leave no more than the stride
   */
  public Tokenizer withTruncation(Truncation value) {
    PostProcessor processor = engine.postProcessor();
    int added = processor == null ? 0 : processor.addedTokens(false);
    if (value.maxLength() - added < value.stride() || value.stride() < 0) {
      throw new InvalidInputException(
          "withTruncation",
          "truncation",
          "a length of at least " + added + " special tokens and the stride",
          value.toString());
    }
    return new Tokenizer(engine, specialTokens, value, padding, specialTokensAsText);
  }

  /** Returns a tokenizer that cuts no texts, whatever its file says. */
  public Tokenizer withoutTruncation() {
    return new Tokenizer(engine, specialTokens, null, padding, specialTokensAsText);
  }

  /** Returns a tokenizer that fills short texts. */
  public Tokenizer withPadding(Padding value) {
    return new Tokenizer(engine, specialTokens, truncation, value, specialTokensAsText);
  }

  /** Returns a tokenizer that fills no texts, whatever its file says. */
  public Tokenizer withoutPadding() {
    return new Tokenizer(engine, specialTokens, truncation, null, specialTokensAsText);
  }

  /**
   * Returns a tokenizer that takes special tokens in a text for ordinary text, or does not: text
   * from users should not be able to contain control tokens.
   */
  public Tokenizer withSpecialTokensAsText(boolean value) {
    return new Tokenizer(engine, specialTokens, truncation, padding, value);
  }

  /**
   * Returns the tokenizer of the language that is translated into, where it has a model of its own
   * as with Marian; otherwise this one.
   */
  public Tokenizer forTarget() {
    Engine target = engine.target();
    return target == null
        ? this
        : new Tokenizer(target, specialTokens, truncation, padding, specialTokensAsText);
  }

  /** Returns the tokens of a text, with special tokens around it. */
  public Encoding encode(String text) {
    return encode(text, true);
  }

  /**
   * Returns the tokens of a text.
   *
   * @param addSpecialTokens whether special tokens are put around it
   */
  public Encoding encode(String text, boolean addSpecialTokens) {
    return single(rows(text, null, addSpecialTokens));
  }

  /** Returns the tokens of a pair of texts. */
  public Encoding encode(String text, String pair, boolean addSpecialTokens) {
    return single(rows(text, pair, addSpecialTokens));
  }

  private TokenRows rows(String text, @Nullable String pair, boolean addSpecialTokens) {
    return new Encoder(engine, truncation, specialTokensAsText)
        .encode(text, pair, addSpecialTokens);
  }

  private Encoding single(TokenRows rows) {
    return new Encoding(padding == null ? rows : Padder.pad(List.of(rows), padding).getFirst());
  }

  /** Returns the tokens of several texts, filled to a common length if there is a padding. */
  public List<Encoding> encodeBatch(List<String> texts, boolean addSpecialTokens) {
    List<TokenRows> batch = new ArrayList<>();
    for (String text : texts) {
      batch.add(rows(text, null, addSpecialTokens));
    }
    return batch(batch);
  }

  /**
   * Returns the tokens of several pairs of texts, filled to a common length if there is a padding.
   */
  public List<Encoding> encodePairs(List<TextPair> pairs, boolean addSpecialTokens) {
    List<TokenRows> batch = new ArrayList<>();
    for (TextPair pair : pairs) {
      batch.add(rows(pair.first(), pair.second(), addSpecialTokens));
    }
    return batch(batch);
  }

  private List<Encoding> batch(List<TokenRows> rows) {
    return (padding == null ? rows : Padder.pad(rows, padding))
        .stream().map(Encoding::new).toList();
  }

  /** Returns the number of tokens of a text, without special tokens around it. */
  public int countTokens(String text) {
    return new Encoder(engine, null, specialTokensAsText).count(text);
  }

  /** Returns the text of some ids, without special tokens. */
  public String decode(int... ids) {
    return decode(ids, true);
  }

  /**
   * Returns the text of some ids. Ids that no token has, negative ones included, are passed over.
   *
   * @param skipSpecialTokens whether special tokens are left out
   */
  public String decode(int[] ids, boolean skipSpecialTokens) {
    return engine.decoder().decode(ids, skipSpecialTokens);
  }

  /**
   * Returns the text of some ids as transformers does.
   *
   * <p>Clean-up of spaces is for word-level tokenizers; those of byte-pair encoding, whose spaces
   * are right, are left alone.
   */
  public String decode(int[] ids, DecodeOptions options) {
    String text = decode(ids, options.skipSpecialTokens());
    return options.cleanUpSpaces() && !(engine.model() instanceof BpeModel)
        ? SpaceCleaner.clean(text)
        : text;
  }

  /** Returns whether the tokenizer's configuration asks for clean-up of spaces. */
  public boolean cleansUpSpaces() {
    return specialTokens.cleanUpSpaces();
  }

  /** Returns a decoder for tokens that arrive one by one. */
  public DecodeStream decodeStream(boolean skipSpecialTokens) {
    return new DecodeStream(this, skipSpecialTokens);
  }

  /** Returns the string of a token, if there is one with this id. */
  public Optional<String> idToToken(int id) {
    return Optional.ofNullable(engine.token(id));
  }

  /** Returns the id of a token, if there is one with this string. */
  public OptionalInt tokenToId(String token) {
    int id = engine.id(token);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** Returns the number of different tokens, added ones included. */
  public int vocabularySize() {
    return engine.size();
  }

  /** Returns the tokens that are found in a text before the model sees it. */
  public List<AddedToken> addedTokens() {
    return engine.added().tokens();
  }

  /**
   * Returns a special token by its role in the configuration, such as {@code bos_token}, {@code
   * eos_token}, {@code unk_token}, {@code pad_token}.
   */
  public Optional<String> specialToken(String role) {
    return Optional.ofNullable(specialTokens.byRole().get(role));
  }

  /** Returns the id of a special token by its role in the configuration. */
  public OptionalInt specialTokenId(String role) {
    return specialToken(role).map(this::tokenToId).orElse(OptionalInt.empty());
  }

  @Override
  public String toString() {
    return "Tokenizer of " + vocabularySize() + " tokens";
  }
}
