package dev.sconce.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.MalformedFileException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OperatorCatalogueTest {

  private final OperatorCatalogue catalogue = OperatorCatalogue.standard();

  @Test
  void holdsEveryOperatorThatTheOfficialRuntimeRegisters() {
    assertThat(catalogue.schemas()).hasSize(270);
  }

  @Test
  void readsEverySchemaThatItWrites() {
    assertThat(catalogue.schemas())
        .allSatisfy(
            schema -> assertThat(OperatorSchema.parse(schema.toString())).isEqualTo(schema));
  }

  @Test
  void readsNamesTypesDefaultsAndAliases() {
    OperatorSchema schema = catalogue.get("aten::add.out");
    assertThat(schema.name()).isEqualTo("aten::add");
    assertThat(schema.overload()).isEqualTo("out");
    assertThat(schema.arguments())
        .extracting(Argument::name)
        .containsExactly("self", "other", "alpha", "out");
    Argument alpha = schema.arguments().get(2);
    assertThat(alpha.keywordOnly()).isTrue();
    assertThat(alpha.isOut()).isFalse();
    assertThat(alpha.defaultValue()).contains(new DefaultValue.Int(1));
    assertThat(schema.outs()).extracting(Argument::name).containsExactly("out");
    assertThat(schema.outs().getFirst().alias()).contains(new Alias("a", true));
    assertThat(schema.results())
        .containsExactly(
            new Result(
                Optional.empty(),
                schema.arguments().get(3).type(),
                Optional.of(new Alias("a", true))));
  }

  @Test
  void repeatsASingleDefaultForAListOfFixedLength() {
    OperatorSchema schema = catalogue.get("aten::avg_pool2d.out");
    Argument padding = schema.arguments().get(schema.indexOf("padding"));
    assertThat(padding.defaultValue()).contains(new DefaultValue.Ints(List.of(0L, 0L)));
  }

  @Test
  void tellsOptionalListsFromListsOfOptionals() {
    ArgumentType dims = catalogue.get("aten::mean.out").arguments().get(1).type();
    assertThat(dims.list()).isTrue();
    assertThat(dims.optional()).isTrue();
    assertThat(dims.optionalElements()).isFalse();
    ArgumentType indices = catalogue.get("aten::index.Tensor_out").arguments().get(1).type();
    assertThat(indices.list()).isTrue();
    assertThat(indices.optional()).isFalse();
    assertThat(indices.optionalElements()).isTrue();
  }

  @Test
  void countsTheValuesOfAKernelCall() {
    assertThat(catalogue.get("aten::add.out").callLength()).isEqualTo(5);
    assertThat(catalogue.get("aten::native_layer_norm.out").callLength()).isEqualTo(9);
    assertThat(catalogue.get("aten::split_copy.Tensor_out").callLength()).isEqualTo(5);
    assertThat(catalogue.get("aten::copy_").callLength()).isEqualTo(4);
    assertThat(catalogue.get("aten::sym_size.int").callLength()).isEqualTo(3);
    assertThat(catalogue.get("executorch_prim::et_view.default").callLength()).isEqualTo(3);
    assertThat(catalogue.get("executorch_prim::et_copy_index.tensor").callLength()).isEqualTo(3);
  }

  @Test
  void tellsArgumentsThatAreChangedFromOuts() {
    OperatorSchema schema = catalogue.get("llama::update_cache.out");
    Argument cache = schema.arguments().get(schema.indexOf("cache"));
    assertThat(cache.isWritten()).isTrue();
    assertThat(cache.isOut()).isFalse();
  }

  @Test
  void rejectsABadLineWithItsNumberAndColumn() {
    assertThatThrownBy(
            () ->
                OperatorCatalogue.parse(
                    "ops.txt", "# head\na::b(Tensor x) -> Tensor\na::c(Tensr x) -> Tensor\n"))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("ops.txt, line 3, column 6: expected a known type");
  }

  @Test
  void rejectsAnOperatorNamedTwice() {
    assertThatThrownBy(() -> OperatorCatalogue.parse("x", "a::b() -> ()\na::b() -> int"))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("line 2");
  }

  @Test
  void rejectsEveryTruncatedSchema() {
    String text = catalogue.get("aten::convolution.out").toString();
    // "-> Tensor" without its alias is a schema again.
    int shortest = text.indexOf("-> Tensor") + "-> Tensor".length();
    for (int length = 0; length < text.length(); length++) {
      if (length == shortest) {
        continue;
      }
      String part = text.substring(0, length);
      assertThatThrownBy(() -> OperatorSchema.parse(part))
          .as(part)
          .isInstanceOf(MalformedFileException.class);
    }
  }

  @Test
  void rejectsNumbersThatAreNone() {
    assertThatThrownBy(() -> OperatorSchema.parse("a::b(int x=1-2) -> ()"))
        .isInstanceOf(MalformedFileException.class);
    assertThatThrownBy(() -> OperatorSchema.parse("a::b(float x=1..) -> ()"))
        .isInstanceOf(MalformedFileException.class);
    assertThatThrownBy(() -> OperatorSchema.parse("a::b(int[99999999999] x) -> ()"))
        .isInstanceOf(MalformedFileException.class);
  }
}
