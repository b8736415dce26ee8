package dev.sconce.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonLinesTest {

  @Test
  void answersEachLineWhateverHappensToTheOthers() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String lines = "1\n\n{\n2\n3\n4\n";
    JsonLines.answer(
        new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
        Console.of(out, OutputStream.nullOutputStream(), false),
        value ->
            switch (JsonWriter.compact(value)) {
              case "2" -> throw new InvalidInputException("line", "number", "another", "2");
              case "3" -> throw new IllegalStateException("a fault");
              default -> JsonObject.builder().put("was", value).build();
            });
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("{\"was\":1}"),
            line -> assertThat(line).startsWith("{\"error\":").contains("line 3"),
            line ->
                assertThat(line).startsWith("{\"error\":").contains("expected another, found 2"),
            line -> assertThat(line).contains("internal error").contains("a fault"),
            line -> assertThat(line).isEqualTo("{\"was\":4}"));
  }
}
