package dev.sconce.base.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FieldPathTest {

  @Test
  void spellsFieldsAndElements() {
    FieldPath plan = FieldPath.root().field("execution_plan").element(0);
    assertThat(plan.field("values").element(3).field("sizes"))
        .hasToString("execution_plan[0].values[3].sizes");
    assertThat(plan).hasToString("execution_plan[0]");
    assertThat(FieldPath.root()).hasToString("");
    assertThat(FieldPath.root().element(2).element(1)).hasToString("[2][1]");
  }

  @Test
  void goesAsDeepAsAFileMay() {
    FieldPath path = FieldPath.root();
    for (int i = 0; i < 100_000; i++) {
      path = path.field("a");
    }
    assertThat(path.toString()).hasSize(2 * 100_000 - 1);
  }
}
