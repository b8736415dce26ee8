package dev.sconce.generate.selftest;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.SconceException;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.resource.ModelResources;
import dev.sconce.generate.resource.ResourceNames;
import dev.sconce.runtime.LoadOptions;
import dev.sconce.runtime.Program;
import dev.sconce.runtime.PteModule;
import dev.sconce.text.Encoding;
import dev.sconce.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tests that a program carries in itself on the machine at hand.
 *
 * <pre>{@code
 * for (SelfTestResult result : SelfTestRunner.run(Path.of("model.pte"))) {
 *   System.out.println((result.passed() ? "PASS " : "FAIL ") + result.name() + " " + result.detail());
 * }
 * }</pre>
 */
public final class SelfTestRunner {

  private final ContentHashes hashes;
  private final Program program;
  private @Nullable Tokenizer tokenizer;

  private SelfTestRunner(ContentHashes hashes, Program program) {
    this.hashes = hashes;
    this.program = program;
  }

  /**
   * Runs all tests of a program.
   *
   * @throws IOException if the file cannot be read
   * @throws dev.sconce.base.MalformedFileException if the file or its tests are not well-formed
   * @throws InvalidInputException if it carries no tests
   */
  public static List<SelfTestResult> run(Path file) throws IOException {
    return run(file, LoadOptions.defaults(), _ -> {});
  }

  /**
   * Runs all tests of a program.
   *
   * @param options how to load the program
   * @param listener is told each result as it is there
   * @throws IOException if the file cannot be read
   * @throws dev.sconce.base.MalformedFileException if the file or its tests are not well-formed
   * @throws InvalidInputException if it carries no tests
   */
  public static List<SelfTestResult> run(
      Path file, LoadOptions options, Consumer<SelfTestResult> listener) throws IOException {
    try (ContentHashes hashes = ContentHashes.open(file);
        Program program = Program.load(file, options)) {
      return new SelfTestRunner(hashes, program).runAll(listener);
    }
  }

  private List<SelfTestResult> runAll(Consumer<SelfTestResult> listener) {
    SelfTests tests;
    try (PteModule module = PteModule.of(program)) {
      tests =
          SelfTests.of(module)
              .orElseThrow(
                  () ->
                      new InvalidInputException(
                          program.name(),
                          ResourceNames.SELF_TEST_BLOB,
                          "the self-tests that sconce export writes",
                          "none; a program of another exporter, or made with --no-self-tests"));
    }
    List<SelfTestResult> results = new ArrayList<>();
    for (SelfTest test : tests.tests()) {
      SelfTestResult result = run(test);
      listener.accept(result);
      results.add(result);
    }
    return results;
  }

  private SelfTestResult run(SelfTest test) {
    try {
      return switch (test) {
        case SelfTest.Content content -> content(content);
        case SelfTest.Tokens tokens -> tokens(tokens);
        case SelfTest.Settings settings -> settings(settings);
        case SelfTest.Calls calls -> calls(calls);
      };
    } catch (SconceException e) {
      return SelfTestResult.fail(test, String.valueOf(e.getMessage()));
    }
  }

  private SelfTestResult content(SelfTest.Content test) {
    String found = hashes.hash(test.part()).orElse("nothing");
    return found.equals(test.sha256())
        ? SelfTestResult.pass(test, "sha256 " + found.substring(0, SHOWN_DIGITS) + "…")
        : SelfTestResult.fail(
            test,
            "%s: expected sha256 %s, found %s"
                .formatted(hashes.describe(test.part()), test.sha256(), found));
  }

  private static final int SHOWN_DIGITS = 12;

  private SelfTestResult tokens(SelfTest.Tokens test) {
    Encoding encoding = tokenizer().encode(test.text());
    int[] expected = test.ids().stream().mapToInt(Integer::intValue).toArray();
    int[] found = encoding.ids();
    for (int i = 0; i < Math.max(expected.length, found.length); i++) {
      String wanted = i < expected.length ? "" + expected[i] : "the end";
      String got = i < found.length ? "" + found[i] : "the end";
      if (!wanted.equals(got)) {
        return SelfTestResult.fail(
            test, "token %d: expected %s, found %s".formatted(i, wanted, got));
      }
    }
    String decoded = tokenizer().decode(expected);
    return decoded.equals(test.decoded())
        ? SelfTestResult.pass(test, expected.length + " tokens")
        : SelfTestResult.fail(
            test, "decoded: expected \"%s\", found \"%s\"".formatted(test.decoded(), decoded));
  }

  private Tokenizer tokenizer() {
    if (tokenizer == null) {
      try (PteModule module = PteModule.of(program)) {
        tokenizer =
            CarriedTokenizer.of(ModelResources.of(module))
                .orElseThrow(
                    () ->
                        new InvalidInputException(
                            program.name(), ResourceNames.TOKENIZER_BLOB, "a tokenizer", "none"));
      }
    }
    return tokenizer;
  }

  private SelfTestResult settings(SelfTest.Settings test) {
    String found;
    try (PteModule module = PteModule.of(program)) {
      found =
          ModelResources.of(module)
              .generationConfig()
              .map(GenerationConfig::ofCheckpoint)
              .orElse(GenerationConfig.defaults())
              .toJson()
              .toString();
    }
    return found.equals(test.settings())
        ? SelfTestResult.pass(test, "the same settings")
        : SelfTestResult.fail(test, "expected " + test.settings() + ", found " + found);
  }

  private SelfTestResult calls(SelfTest.Calls test) {
    try (PteModule module = PteModule.of(program)) {
      CallChecks checks = new CallChecks(test.calls());
      String problem = checks.run(module);
      return problem == null
          ? SelfTestResult.pass(test, checks.summary())
          : SelfTestResult.fail(test, problem);
    }
  }
}
