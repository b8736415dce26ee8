package dev.sconce.generate.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.MalformedFileException;
import dev.sconce.runtime.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SelfTestsTest {

  private static final SelfTests ALL =
      new SelfTests(
          new SelfTests.Tolerance("float32", 1e-3, 0.0125),
          List.of(
              new SelfTest.Content("t", new Part.Table(), "0".repeat(64)),
              new SelfTest.Content("s", new Part.Segment(3), "1".repeat(64)),
              new SelfTest.Content("c", new Part.Constant(17), "2".repeat(64)),
              new SelfTest.Content("b", new Part.Blob("tokenizer_blob"), "f".repeat(64)),
              new SelfTest.Tokens("text", "a\u0000\"é👍", List.of(1, 0, 7), "a é"),
              new SelfTest.Settings("settings", "{\"do_sample\":true}"),
              new SelfTest.Calls(
                  "calls",
                  List.of(
                      new Call(
                          "encoder",
                          List.of(
                              new Call.Input.Given(Tensor.of(new long[] {1, -5}, 1, 2)),
                              new Call.Input.Given(Tensor.of(new boolean[] {true, false}, 2)),
                              new Call.Input.Pattern(List.of(1L, 3L, 4L, 4L))),
                          List.of(
                              new Call.Expectation.Near(
                                  List.of(1L, 2L, 4L),
                                  List.of(
                                      new Call.Expectation.Entry(0, 1e-9f),
                                      new Call.Expectation.Entry(7, -123.456f)),
                                  0.25))),
                      new Call(
                          "decoder",
                          List.of(
                              new Call.Input.Returned(0, 0),
                              new Call.Input.Given(Tensor.of(new float[] {0.1f, Float.NaN}, 2))),
                          List.of(
                              new Call.Expectation.Exactly(
                                  Tensor.of(new long[] {Long.MIN_VALUE, 4}, 2))))))));

  @Test
  void whatIsWrittenReadsBack() {
    byte[] json = ALL.toJson();
    SelfTests read = SelfTests.parse("tests", json);
    assertThat(new String(read.toJson(), StandardCharsets.UTF_8))
        .isEqualTo(new String(json, StandardCharsets.UTF_8));
    assertThat(read.tests().subList(0, 6)).isEqualTo(ALL.tests().subList(0, 6));
    SelfTest.Calls calls = (SelfTest.Calls) read.tests().get(6);
    assertThat(calls.calls().get(1).inputs().getFirst()).isEqualTo(new Call.Input.Returned(0, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "{\"version\": 2}",
        "{\"version\": 1, \"tolerance\": {}, \"tests\": []}",
        "TEST {\"name\": \"a\", \"kind\": \"magic\"}",
        "TEST {\"kind\": \"tokens\"}",
        "TEST {\"name\": \"a\", \"kind\": \"tokens\", \"text\": \"\", \"ids\": [-1], \"decoded\": \"\"}",
        "TEST {\"name\": \"a\", \"kind\": \"content\", \"part\": \"table\", \"sha256\": \"12\"}",
        "TEST {\"name\": \"a\", \"kind\": \"settings\", \"settings\": 5}",
        "CALL {\"dtype\": \"int64\", \"shape\": [2], \"data\": [1]}",
        "CALL {\"dtype\": \"int64\", \"shape\": [4611686018427387904, 4], \"data\": []}",
        "CALL {\"dtype\": \"int64\", \"shape\": [-1], \"data\": []}",
        "CALL {\"dtype\": \"int7\", \"shape\": [0], \"data\": []}",
        "CALL {\"pattern\": [1, 3, 100000, 100000]}",
        "CALL {\"call\": 0, \"output\": 0}",
      })
  void refusesWhatIsNotWellFormed(String text) {
    String json = text;
    if (text.startsWith("CALL ")) {
      json =
          "TEST {\"name\": \"a\", \"kind\": \"calls\", \"calls\": [{\"method\": \"m\", \"inputs\": ["
              + text.substring(5)
              + "], \"expected\": []}]}";
    }
    if (json.startsWith("TEST ")) {
      json =
          "{\"version\": 1, \"tolerance\": {\"scheme\": \"\", \"relative\": 0, \"absolute\": 0}, \"tests\": ["
              + json.substring(5)
              + "]}";
    }
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> SelfTests.parse("tests", bytes))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("tests");
  }

  @Test
  void mutatedBytesAreReadOrRefused() {
    byte[] json = ALL.toJson();
    Random random = new Random(11);
    for (int round = 0; round < 3000; round++) {
      byte[] mutated = json.clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        mutated[random.nextInt(mutated.length)] = (byte) (32 + random.nextInt(95));
      }
      try {
        SelfTests.parse("tests", mutated);
      } catch (MalformedFileException expected) {
        assertThat(expected.getMessage()).as("round %d", round).isNotEmpty();
      }
    }
  }

  @Test
  void twoTestsOfOneNameAreRefused() {
    SelfTest test = new SelfTest.Settings("same", "{}");
    byte[] json = new SelfTests(ALL.tolerance(), List.of(test, test)).toJson();
    assertThatThrownBy(() -> SelfTests.parse("tests", json)).hasMessageContaining("same");
  }
}
