package dev.sconce.cli;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonWriter;
import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.JsonOption;
import dev.sconce.cli.internal.Table;
import dev.sconce.cli.internal.TokenizerJsonLines;
import dev.sconce.text.Encoding;
import dev.sconce.text.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how a tokenizer splits a text, or what text ids stand for. */
@Command(name = "tokenize", description = "Show the tokens of a text, or the text of ids.")
final class TokenizeCommand implements Callable<Integer> {

  private final Console console;
  private final InputStream in;

  @Parameters(
      index = "0",
      paramLabel = "TOKENIZER",
      description =
          "A tokenizer.json, SentencePiece model, tiktoken file, tekken.json or llama2.c tokenizer,"
              + " or the directory of a checkpoint.")
  private Path path = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TEXT",
      description = "The text; without it, standard input.")
  private @Nullable String text;

  @Option(names = "--pair", paramLabel = "TEXT", description = "A second text.")
  private @Nullable String pair;

  @Option(
      names = "--no-special-tokens",
      description = "Put no special tokens around the text; with --decode: leave them out.")
  private boolean noSpecialTokens;

  @Option(
      names = "--decode",
      paramLabel = "IDS",
      description = "Show the text of ids, separated by commas or spaces.")
  private @Nullable String ids;

  @Option(
      names = "--json-lines",
      description =
          "For each line of standard input, a JSON string or object, print one JSON object.")
  private boolean jsonLines;

  @Mixin private JsonOption json = new JsonOption();

  TokenizeCommand(Console console, InputStream in) {
    this.console = console;
    this.in = in;
  }

  @Override
  public Integer call() throws IOException {
    Tokenizer tokenizer = Tokenizer.load(path);
    if (jsonLines) {
      return lines(tokenizer);
    }
    if (ids != null) {
      decode(tokenizer, ids);
    } else {
      encode(
          tokenizer, text != null ? text : new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    return ExitCode.OK;
  }

  private int lines(Tokenizer tokenizer) throws IOException {
    TokenizerJsonLines answers = new TokenizerJsonLines(tokenizer);
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (!line.isBlank()) {
        console.line(JsonWriter.compact(answers.answer(line)));
      }
    }
    return ExitCode.OK;
  }

  private void decode(Tokenizer tokenizer, String list) {
    int[] values;
    try {
      values =
          Arrays.stream(list.split("[\\s,]+", -1))
              .filter(word -> !word.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
    } catch (NumberFormatException _) {
      throw new InvalidInputException(
          "tokenize", "--decode", "ids separated by commas or spaces", "'" + list + "'");
    }
    String decoded = tokenizer.decode(values, noSpecialTokens);
    if (json.wanted()) {
      console.json(JsonObject.builder().put("text", decoded).build());
    } else {
      console.line(decoded);
    }
  }

  private void encode(Tokenizer tokenizer, String input) {
    boolean special = !noSpecialTokens;
    Encoding encoding =
        pair == null ? tokenizer.encode(input, special) : tokenizer.encode(input, pair, special);
    if (json.wanted()) {
      console.json(TokenizerJsonLines.describe(encoding, input, pair == null ? "" : pair));
      return;
    }
    Table table = Table.of(">ID", "TOKEN", ">FROM", ">TO", "TEXT");
    int[] sequences = encoding.sequenceIds();
    for (int i = 0; i < encoding.size(); i++) {
      String source = sequences[i] == 1 && pair != null ? pair : input;
      table.row(
          Integer.toString(encoding.id(i)),
          encoding.tokens().get(i),
          Integer.toString(encoding.start(i)),
          Integer.toString(encoding.end(i)),
          JsonWriter.compact(new JsonString(source.substring(encoding.start(i), encoding.end(i)))));
    }
    console.print(table);
    console.line(encoding.size() + " tokens");
  }
}
