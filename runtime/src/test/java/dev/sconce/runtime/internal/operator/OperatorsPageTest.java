package dev.sconce.runtime.internal.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.ops.OperatorCatalogue;
import dev.sconce.ops.OperatorSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OperatorsPageTest {

  @Test
  void listsExactlyTheOperatorsThatAreMissing() throws IOException {
    TreeSet<String> missing =
        OperatorCatalogue.standard().schemas().stream()
            .map(OperatorSchema::fullName)
            .collect(Collectors.toCollection(TreeSet::new));
    missing.removeAll(OperatorRegistry.standard().names());

    List<String> listed =
        Files.readAllLines(Path.of("../docs/operators.md")).stream()
            .filter(line -> line.matches("- `\\w+::.*`"))
            .map(line -> line.substring(3, line.length() - 1))
            .toList();

    assertThat(listed).containsExactlyElementsOf(missing);
  }

  @Test
  void registersNothingThatTheCatalogueDoesNotKnow() {
    assertThat(OperatorRegistry.standard().names())
        .allSatisfy(
            name -> assertThat(OperatorCatalogue.standard().find(name)).as(name).isPresent());
  }
}
