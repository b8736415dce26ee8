package dev.sconce.text.internal.load;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import dev.sconce.text.internal.Engine;
import dev.sconce.text.internal.json.Fields;
import dev.sconce.text.internal.json.TokenizerJson;
import dev.sconce.text.internal.llama2c.Llama2cFile;
import dev.sconce.text.internal.marian.MarianFiles;
import dev.sconce.text.internal.sentencepiece.SentencePiece;
import dev.sconce.text.internal.tiktoken.TekkenFile;
import dev.sconce.text.internal.tiktoken.TiktokenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Finds out what kind of tokenizer a file or directory holds, and loads it. */
public final class TokenizerFiles {

  private static final List<String> FILE_NAMES =
      List.of(
          "tokenizer.json",
          "tekken.json",
          "tokenizer.model",
          "spiece.model",
          "sentencepiece.bpe.model",
          "tokenizer.bin");
  private static final String TIKTOKEN_CONFIG = "tiktoken_config.json";
  private static final List<String> CONFIGURATIONS =
      List.of("special_tokens_map.json", "tokenizer_config.json", TIKTOKEN_CONFIG);

  private TokenizerFiles() {}

  /**
   * A loaded tokenizer.
   *
   * @param engine its parts
   * @param specialTokens what its configuration says
   * @param specialTokensAsText whether special tokens in a text are ordinary text by default
   */
  public record Loaded(Engine engine, SpecialTokens specialTokens, boolean specialTokensAsText) {
    private static Loaded of(Engine engine) {
      return new Loaded(engine, SpecialTokens.none(), false);
    }
  }

  /** Loads a file or directory. */
  public static Loaded load(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return load(FileSet.of(path));
    }
    FileSet siblings = FileSet.of(path.resolveSibling(""));
    return read(path.toString(), Files.readAllBytes(path), tiktokenConfig(siblings));
  }

  /**
   * Reads the files of a tokenizer, those with the vocabulary first; none if there is no tokenizer
   * among the files.
   */
  public static SequencedMap<String, byte[]> of(FileSet files) throws IOException {
    List<String> names = new ArrayList<>();
    FILE_NAMES.stream().filter(files::has).findFirst().ifPresent(names::add);
    if (names.isEmpty() && MarianFiles.matches(files)) {
      names.addAll(MarianFiles.NAMES);
    }
    if (!names.isEmpty()) {
      names.addAll(CONFIGURATIONS);
    }
    SequencedMap<String, byte[]> found = new LinkedHashMap<>();
    for (String name : names) {
      if (files.has(name)) {
        found.put(name, files.bytes(name));
      }
    }
    return found;
  }

  /** Reads a file's bytes. */
  public static Loaded read(String name, byte[] bytes) {
    return read(name, bytes, null);
  }

  private static Loaded read(String name, byte[] bytes, @Nullable Fields tiktokenConfig) {
    if (isJsonObject(bytes)) {
      // A tekken.json begins with its configuration, a tokenizer.json with its version.
      if (new String(bytes, 0, Math.min(bytes.length, 4096), StandardCharsets.UTF_8)
          .contains("\"num_vocab_tokens\"")) {
        JsonObject object = Json.parseObject(name, new String(bytes, StandardCharsets.UTF_8));
        if (TekkenFile.matches(object)) {
          return new Loaded(TekkenFile.read(name, object), SpecialTokens.none(), true);
        }
      }
      return Loaded.of(TokenizerJson.read(name, bytes));
    }
    if (SentencePiece.matches(bytes)) {
      SentencePiece.Loaded model = SentencePiece.read(name, bytes);
      return new Loaded(model.engine(), SpecialTokens.ofRoles(model.roles()), false);
    }
    if (Llama2cFile.matches(bytes)) {
      Llama2cFile.Loaded model = Llama2cFile.read(name, bytes);
      return new Loaded(model.engine(), SpecialTokens.ofRoles(model.roles()), false);
    }
    if (TiktokenFile.matches(bytes)) {
      return Loaded.of(TiktokenFile.read(name, bytes, tiktokenConfig));
    }
    throw new MalformedFileException(
        name,
        0,
        "",
        "a tokenizer.json, tekken.json, SentencePiece model, tiktoken file or llama2.c tokenizer",
        "none of them");
  }

  private static boolean isJsonObject(byte[] bytes) {
    for (byte b : bytes) {
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b == '{';
      }
    }
    return false;
  }

  /** Loads the tokenizer that is among some files. */
  public static Loaded load(FileSet files) throws IOException {
    SpecialTokens special = SpecialTokens.none();
    for (String name : List.of("special_tokens_map.json", "tokenizer_config.json")) {
      if (files.has(name)) {
        special = special.with(files.describe(name), files.json(name));
      }
    }
    for (String name : FILE_NAMES) {
      if (files.has(name)) {
        Loaded loaded = read(files.describe(name), files.bytes(name), tiktokenConfig(files));
        return new Loaded(
            special.addTo(loaded.engine()),
            special.orRoles(loaded.specialTokens()),
            loaded.specialTokensAsText());
      }
    }
    if (MarianFiles.matches(files)) {
      return new Loaded(MarianFiles.read(files, special.byRole()), special, false);
    }
    throw new MalformedFileException(
        files.toString(), -1, "", "a directory with one of " + FILE_NAMES, "none");
  }

  private static @Nullable Fields tiktokenConfig(FileSet files) throws IOException {
    return files.has(TIKTOKEN_CONFIG)
        ? new Fields(files.describe(TIKTOKEN_CONFIG), "", files.json(TIKTOKEN_CONFIG))
        : null;
  }
}
