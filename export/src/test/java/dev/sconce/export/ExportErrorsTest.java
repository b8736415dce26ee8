package dev.sconce.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.ExportException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be exported is refused by name, and nothing is left behind. */
final class ExportErrorsTest {

  @TempDir private Path folder;

  @Test
  void namesTheNearestModelType() throws IOException {
    Path copy = copy("llama_dynamic", "model_type", new JsonString("llamma"));
    assertRefused(Export.from(copy), "model_type", "llamma", "nearest supported type is llama");
  }

  @Test
  void namesTheConfigKey() throws IOException {
    Path copy = copy("llama_dynamic", "hidden_act", new JsonString("mish"));
    assertRefused(Export.from(copy), "hidden_act", "mish");
    Path text = copy("llama_dynamic", "num_attention_heads", new JsonString("4"));
    assertRefused(Export.from(text), "num_attention_heads", "integer");
  }

  @Test
  void namesTheTensorOfAnotherShape() throws IOException {
    Path copy = copy("llama_dynamic", "intermediate_size", JsonNumber.of(49));
    assertRefused(Export.from(copy), "model.layers.0.mlp.gate_proj.weight", "expected shape [49");
  }

  @Test
  void namesTheTensorThatIsMissing() throws IOException {
    Path copy = copy("llama_dynamic", "num_hidden_layers", JsonNumber.of(9));
    assertRefused(Export.from(copy), "model.layers.3.", "lacks it");
  }

  @Test
  void namesTensorsThatAreLeftOver() throws IOException {
    Path copy = copy("llama_dynamic", "num_hidden_layers", JsonNumber.of(1));
    assertRefused(Export.from(copy), "no use for", "model.layers.2.input_layernorm.weight");
  }

  @Test
  void refusesWhatIsNoCheckpoint() {
    assertRefused(Export.from(folder.resolve("nowhere")), "nowhere", "config.json");
  }

  @Test
  void refusesOptionsThatCannotBeHonoured() {
    Export llama = Export.from(Goldens.committed("llama_dynamic"));
    assertRefused(llama.task("fill-mask"), "fill-mask", "text-generation");
    assertRefused(llama.task("sing"), "sing", "text-generation");
    assertRefused(llama.recipe("coreml"), "coreml", "xnnpack");
    assertRefused(llama.linear("3w"), "3w", "8da4w");
    assertRefused(llama.embedding("2w"), "2w", "8w and 4w");
    assertRefused(llama.recipe("portable").linear("8da4w"), "8da4w", "portable", "xnnpack");
    assertRefused(llama.maxSequenceLength(0), "0");
    assertRefused(
        Export.from(Goldens.committed("gpt2")).maxSequenceLength(1 << 20), "1048576", "positions");
    assertRefused(
        llama.with(
            ExportOptions.defaults().toBuilder()
                .linear("8da8w")
                .linearOverride("*.nose_proj.weight", "none")
                .build()),
        "'*.nose_proj.weight'");
  }

  private void assertRefused(Export export, String... parts) {
    Path target = folder.resolve("out").resolve("model.pte");
    assertThatThrownBy(
            () -> {
              Files.createDirectories(target.getParent());
              export.to(target);
            })
        .isInstanceOf(ExportException.class)
        .message()
        .contains(parts);
    assertThat(target.getParent()).isEmptyDirectory();
  }

  private Path copy(String name, String key, JsonValue value) throws IOException {
    return copy(
        name,
        members -> {
          members.put(key, value);
          return members;
        });
  }

  private Path copy(String name, UnaryOperator<SequencedMap<String, JsonValue>> change)
      throws IOException {
    Path source = Goldens.committed(name);
    Path target = Files.createTempDirectory(folder, name);
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : List.copyOf(files.toList())) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
    Path config = target.resolve("config.json");
    JsonObject json = Json.readObject(config);
    Files.writeString(
        config, JsonObject.of(change.apply(new LinkedHashMap<>(json.members()))).toString());
    return target;
  }
}
