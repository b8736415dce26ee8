package dev.sconce.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.export.architecture.Architecture;
import dev.sconce.export.architecture.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The table of model types in the guide is what the code says. */
final class SupportedModelsTest {

  private static final Path GUIDE = Path.of("../docs/guide/export.md");
  private static final String BEGIN = "<!-- generated: model types -->\n";
  private static final String END = "<!-- end of generated -->";

  @Test
  void guideListsTheModelTypesThatAreSupported() throws IOException {
    String guide = Files.readString(GUIDE);
    String listed = guide.substring(guide.indexOf(BEGIN) + BEGIN.length(), guide.indexOf(END));
    assertThat(listed).as("replace the table in %s by this one", GUIDE).isEqualTo(table());
  }

  private static String table() {
    TreeMap<String, String> rows = new TreeMap<>();
    for (Architecture architecture : Architectures.all()) {
      String tasks = String.join(", ", new TreeSet<>(architecture.tasks()));
      architecture.modelTypes().forEach(type -> rows.put(type, tasks));
    }
    StringBuilder table = new StringBuilder("| `model_type` | tasks |\n|---|---|\n");
    rows.forEach((type, tasks) -> table.append("| `%s` | %s |\n".formatted(type, tasks)));
    return table.toString();
  }
}
