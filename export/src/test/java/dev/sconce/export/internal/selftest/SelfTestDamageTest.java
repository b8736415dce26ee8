package dev.sconce.export.internal.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.SconceException;
import dev.sconce.export.Export;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteValue;
import dev.sconce.generate.selftest.SelfTestResult;
import dev.sconce.generate.selftest.SelfTestRunner;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random damage of every kind is found, and how much of it by what the program does, without its
 * hashes. The environment variable {@code SCONCE_DAMAGE} says how many of each kind there are; the
 * rates of docs/guide/self-tests.md were counted with 40.
 */
final class SelfTestDamageTest {

  private static final long SEED = 7;
  private static final int CASES =
      Integer.parseInt(Optional.ofNullable(System.getenv("SCONCE_DAMAGE")).orElse("3"));
  private static final String TEMPLATE =
      "{{ bos_token }}{% for m in messages %}{{ m.content }}{% endfor %}";
  private static final String DEFAULTS =
      "{\"do_sample\": true, \"temperature\": 0.75, \"top_k\": 20, \"top_p\": 0.9, \"eos_token_id\": 2}";

  @TempDir private Path folder;

  /** What is damaged. */
  private enum Kind {
    /** A byte of a weight, scales of quantised ones included. */
    WEIGHT,
    /** The sign and exponent of a number, or of four quantised ones. */
    LARGE,
    /** The lowest bit of a byte of a weight. */
    LOWEST_BIT,
    /** A byte of the tokenizer. */
    TOKENIZER,
    /** A byte of the chat template. */
    CHAT_TEMPLATE,
    /** A digit of a default. */
    DEFAULT,
    /** A byte of the program table. */
    TABLE,
    /** The names of two methods that are equally long. */
    METHODS,
  }

  /** Bytes of the file. */
  private record Range(long start, long size) {
    long any(Random random) {
      return start + random.nextLong(size);
    }
  }

  private static final class Victim {
    private final byte[] bytes;
    private final List<Range> weights = new ArrayList<>();
    private final Range table;

    Victim(Path program) throws IOException {
      bytes = Files.readAllBytes(program);
      try (PteFile file = PteFile.open(program)) {
        table = new Range(0, file.header().programSize());
        MemorySegment all = file.bytes().memory();
        var constants = file.program().constantSegment();
        for (int i = 0; i < file.program().segments().size(); i++) {
          if (constants == null || constants.segmentIndex() != i) {
            weights.add(range(all, file.segment(i)));
          }
        }
        for (ExecutionPlan plan : file.program().plans()) {
          if (plan.name().equals("forward")) {
            plan.values().stream()
                .filter(PteValue.TensorValue.class::isInstance)
                .map(PteValue.TensorValue.class::cast)
                .filter(tensor -> tensor.dataBufferIndex() > 0 && tensor.allocation() == null)
                .map(tensor -> range(all, file.constant(tensor.dataBufferIndex(), size(tensor))))
                .filter(range -> range.size() >= 64)
                .forEach(weights::add);
          }
        }
      }
      assertThat(weights).isNotEmpty();
    }

    private static long size(PteValue.TensorValue tensor) {
      long elements = 1;
      for (int size : tensor.sizes()) {
        elements *= size;
      }
      return tensor.dtype().byteSize(elements);
    }

    private static Range range(MemorySegment all, MemorySegment part) {
      return new Range(part.address() - all.address(), part.byteSize());
    }

    byte[] damaged(Kind kind, Random random) {
      byte[] copy = bytes.clone();
      switch (kind) {
        case WEIGHT -> change(copy, weight(random), random);
        case LARGE -> {
          int at = weight(random) & -4;
          for (int i = 0; i < 4; i++) {
            copy[at + i] ^= 0x60;
          }
        }
        case LOWEST_BIT -> copy[weight(random)] ^= 1;
        case TOKENIZER -> change(copy, inText(SelfTestMutationsTest.TOKENIZER, random), random);
        case CHAT_TEMPLATE -> change(copy, inText(TEMPLATE, random), random);
        case DEFAULT -> {
          String name =
              List.of("\"temperature\":0.7", "\"top_k\":2", "\"top_p\":0.").get(random.nextInt(3));
          // The first is in et_gen_info, the last in the settings that hosts read.
          int at = (random.nextBoolean() ? find(name) : findLast(name)) + name.length();
          copy[at] = (byte) ('0' + (copy[at] - '0' + 1 + random.nextInt(9)) % 10);
        }
        case TABLE -> change(copy, (int) table.any(random), random);
        case METHODS -> swap(copy, random);
      }
      return copy;
    }

    private int weight(Random random) {
      return (int) weights.get(random.nextInt(weights.size())).any(random);
    }

    private static void change(byte[] copy, int at, Random random) {
      copy[at] ^= (byte) (1 + random.nextInt(255));
    }

    private int inText(String text, Random random) {
      return find(text) + random.nextInt(text.length());
    }

    private int find(String text) {
      int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
      assertThat(at).as("the file holds '%s'", text).isNotNegative();
      return at;
    }

    private int findLast(String text) {
      return new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(text);
    }

    private void swap(byte[] copy, Random random) {
      List<String> getters =
          List.of(
              "get_n_layers",
              "get_eos_ids\0",
              "use_kv_cache",
              "get_max_seq_len",
              "get_n_bos\0",
              "get_n_eos\0");
      List<String> present =
          getters.stream()
              .filter(name -> new String(bytes, StandardCharsets.ISO_8859_1).contains(name))
              .toList();
      for (int i = 0; i < 50; i++) {
        String one = present.get(random.nextInt(present.size()));
        String other = present.get(random.nextInt(present.size()));
        if (!one.equals(other) && one.length() == other.length()) {
          put(copy, find(one), other);
          put(copy, find(other), one);
          return;
        }
      }
      throw new AssertionError("no two methods with names of one length: " + present);
    }

    private static void put(byte[] copy, int at, String text) {
      byte[] name = text.getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(name, 0, copy, at, name.length);
    }
  }

  @ParameterizedTest
  @CsvSource({"xnnpack, 8da4w", "portable, none"})
  void randomDamageIsFound(String recipe, String scheme) throws IOException {
    Path checkpoint = SelfTestMutationsTest.checkpoint(folder);
    Files.writeString(checkpoint.resolve("generation_config.json"), DEFAULTS);
    Files.writeString(checkpoint.resolve("chat_template.jinja"), TEMPLATE);
    Path program = folder.resolve("model.pte");
    Export export = Export.from(checkpoint).recipe(recipe);
    (scheme.equals("none") ? export : export.linear(scheme)).to(program);
    Victim victim = new Victim(program);
    Random random = new Random(SEED);
    var rates = new TreeMap<Kind, String>();
    for (Kind kind : Kind.values()) {
      int byDoing = 0;
      for (int i = 0; i < CASES; i++) {
        byte[] damaged = victim.damaged(kind, random);
        Files.write(program, damaged);
        int first = Arrays.mismatch(damaged, victim.bytes);
        List<String> failed = failures(program);
        assertThat(failed).as("%s, byte %d (seed %d)", kind, first, SEED).isNotEmpty();
        byDoing += failed.stream().anyMatch(name -> !name.startsWith("content/")) ? 1 : 0;
      }
      rates.put(kind, byDoing + " of " + CASES);
    }
    System.out.println(recipe + " " + scheme + ", found without hashes: " + rates);
  }

  /** The names of the tests that fail, or what the file was refused with. */
  private static List<String> failures(Path program) throws IOException {
    try {
      return SelfTestRunner.run(program).stream()
          .filter(result -> !result.passed())
          .map(SelfTestResult::name)
          .toList();
    } catch (SconceException e) {
      return List.of("refused: " + e.getMessage());
    }
  }
}
