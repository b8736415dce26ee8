package dev.sconce.benchmarks;

import dev.sconce.text.Encoding;
import dev.sconce.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Encodes a text of about 1 MB: text in, ids, strings and offsets out. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 400, timeUnit = TimeUnit.MILLISECONDS)
public class TokenizerEncode {

  /** A tokenizer and a text. */
  @Param({
    "bpe_gpt2 english",
    "bpe_gpt2 mixed",
    "bpe_llama3 english",
    "bpe_llama3 mixed",
    "unigram english",
    "unigram mixed",
    "wordpiece english",
    "wordpiece mixed",
    "bpe_gpt2 one_letter",
    "bpe_gpt2 no_spaces",
    "bpe_llama3 spaces",
    "unigram one_letter",
    "unigram no_spaces",
    "wordpiece one_letter",
    "many_added added"
  })
  public String what = "";

  private Tokenizer tokenizer;
  private String text;

  /** Loads both. */
  @Setup
  public void load() throws IOException {
    String[] names = what.split(" ", -1);
    tokenizer = Tokenizer.load(Inputs.tokenizer(names[0]));
    text = Files.readString(Inputs.text(names[1]));
  }

  /** Encodes. */
  @Benchmark
  public Encoding encode() {
    return tokenizer.encode(text, false);
  }
}
