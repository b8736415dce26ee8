package dev.sconce.export.internal.selftest;

import dev.sconce.base.ExportException;
import dev.sconce.export.ExportOptions;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.resource.ModelResources;
import dev.sconce.generate.resource.ResourceNames;
import dev.sconce.generate.selftest.CarriedTokenizer;
import dev.sconce.generate.selftest.ContentHashes;
import dev.sconce.generate.selftest.Part;
import dev.sconce.generate.selftest.SelfTest;
import dev.sconce.generate.selftest.SelfTests;
import dev.sconce.graph.emit.ProgramEmitter;
import dev.sconce.kernels.KernelSupport;
import dev.sconce.runtime.LoadOptions;
import dev.sconce.runtime.PteModule;
import dev.sconce.text.Tokenizer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes the self-tests of a program from the file that was written: what the checkpoint's tokenizer
 * makes of texts, what the methods return, and the hash of everything. For one program.
 */
public final class SelfTestMaker implements ProgramEmitter.LastConstant {

  private static final String UNKNOWN_HASH = "0".repeat(64);

  private final SchemeTolerance scheme;
  private final Optional<Tokenizer> original;
  private final OptionalInt vocabulary;
  private Optional<String> withoutGreedy = Optional.empty();

  private SelfTestMaker(
      SchemeTolerance scheme, Optional<Tokenizer> original, OptionalInt vocabulary) {
    this.scheme = scheme;
    this.original = original;
    this.vocabulary = vocabulary;
  }

  /**
   * Creates a maker.
   *
   * @param options how the program is exported
   * @param tokenizer the checkpoint's tokenizer, if it has one that goes into the file
   * @param vocabulary how many tokens the model knows, if it takes tokens
   */
  public static SelfTestMaker of(
      ExportOptions options, Optional<Tokenizer> tokenizer, OptionalInt vocabulary) {
    return new SelfTestMaker(SchemeTolerance.of(options), tokenizer, vocabulary);
  }

  /**
   * Returns why no greedy generation is among the tests that were made; empty if one is, or the
   * program does not generate.
   */
  public Optional<String> withoutGreedyTranscript() {
    return withoutGreedy;
  }

  @Override
  public String method() {
    return ResourceNames.SELF_TEST_BLOB;
  }

  @Override
  public byte[] make(Path written) throws IOException {
    // The first calls wait for the JVM's compiler; meanwhile another processor can hash.
    try (ExecutorService background = Executors.newSingleThreadExecutor()) {
      Future<List<SelfTest>> hashes = background.submit(() -> hashes(written));
      SelfTests answers = answers(written);
      List<SelfTest> tests = new ArrayList<>(result(hashes));
      tests.addAll(answers.tests());
      return new SelfTests(answers.tolerance(), tests).toJson();
    }
  }

  private static List<SelfTest> result(Future<List<SelfTest>> hashes) throws IOException {
    try {
      return hashes.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while hashing the program");
    }
  }

  private SelfTests answers(Path written) throws IOException {
    List<SelfTest> tests = new ArrayList<>();
    try (PteModule module =
        PteModule.load(written, LoadOptions.defaults().withThreads(threads()))) {
      ModelResources resources = ModelResources.of(module);
      Optional<Tokenizer> tokenizer = CarriedTokenizer.of(resources);
      tokenizer.ifPresent(carried -> tests.addAll(tokens(carried)));
      resources.generationConfig().ifPresent(_ -> tests.add(settings(resources)));
      Recorder recorder = new Recorder(module, scheme.relative());
      PromptTokens prompts = new PromptTokens(tokenizer, vocabulary.orElse(1));
      for (Probe probe : new Probes(module, prompts).all()) {
        tests.add(recorder.record(probe));
      }
      if (module.methodNames().contains(Transcripts.GENERATE)) {
        // Last came the scores of tokens; log-probabilities move by twice as much.
        double scores = recorder.lastTolerance();
        GenerationConfig defaults = settingsOf(resources);
        Transcripts transcripts =
            new Transcripts(module, prompts, scores, scheme.relative(), defaults);
        for (Probe probe : transcripts.all()) {
          tests.add(recorder.record(probe, 2 * scores));
        }
        withoutGreedy = transcripts.withoutGreedy();
      }
      return new SelfTests(
          new SelfTests.Tolerance(scheme.scheme(), scheme.relative(), recorder.greatestTolerance()),
          tests);
    }
  }

  /** All calls are made for the first time, so one processor is left to the JVM's compiler. */
  private static int threads() {
    return Math.max(1, KernelSupport.detect().threads() - 1);
  }

  /** The table says how long the self-tests are, so its hash is taken when that is known. */
  @Override
  public byte[] seal(byte[] made, Path written) throws IOException {
    SelfTests tests = SelfTests.parse(written.toString(), made);
    try (ContentHashes hashes = ContentHashes.open(written)) {
      List<SelfTest> sealed = new ArrayList<>();
      for (SelfTest test : tests.tests()) {
        sealed.add(
            test instanceof SelfTest.Content content && content.part() instanceof Part.Table
                ? content(content.name(), content.part(), hashes)
                : test);
      }
      return new SelfTests(tests.tolerance(), sealed).toJson();
    }
  }

  private static List<SelfTest> hashes(Path written) throws IOException {
    try (ContentHashes hashes = ContentHashes.open(written)) {
      List<SelfTest> tests = new ArrayList<>();
      for (Part part : hashes.parts()) {
        String name = "content/" + name(part);
        tests.add(
            part instanceof Part.Table
                ? new SelfTest.Content(name, part, UNKNOWN_HASH)
                : content(name, part, hashes));
      }
      return tests;
    }
  }

  private static SelfTest content(String name, Part part, ContentHashes hashes) {
    return new SelfTest.Content(name, part, hashes.hash(part).orElseThrow());
  }

  private static String name(Part part) {
    return switch (part) {
      case Part.Table _ -> "table";
      case Part.Constant(int index) -> "constant " + index;
      case Part.Segment(int index) -> "segment " + index;
      case Part.Blob(String method) -> method;
    };
  }

  private List<SelfTest> tokens(Tokenizer carried) {
    Tokenizer checkpoint = original.orElse(carried);
    List<SelfTest> tests = new ArrayList<>();
    for (Map.Entry<String, String> text : TokenizerTexts.of(checkpoint).entrySet()) {
      int[] ids = checkpoint.encode(text.getValue()).ids();
      int[] found = carried.encode(text.getValue()).ids();
      if (!Arrays.equals(ids, found)) {
        throw new ExportException(
            "tokenizer",
            "the one in the file makes %s of \"%s\", the checkpoint's makes %s"
                .formatted(Arrays.toString(found), text.getValue(), Arrays.toString(ids)));
      }
      tests.add(
          new SelfTest.Tokens(
              "tokenizer/" + text.getKey(),
              text.getValue(),
              Arrays.stream(ids).boxed().toList(),
              checkpoint.decode(ids)));
    }
    return tests;
  }

  private static SelfTest settings(ModelResources resources) {
    return new SelfTest.Settings("generation settings", settingsOf(resources).toJson().toString());
  }

  private static GenerationConfig settingsOf(ModelResources resources) {
    return resources
        .generationConfig()
        .map(GenerationConfig::ofCheckpoint)
        .orElse(GenerationConfig.defaults());
  }
}
