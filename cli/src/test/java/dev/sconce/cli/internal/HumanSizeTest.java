package dev.sconce.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanSizeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1, 1 B",
    "1023, 1023 B",
    "1024, 1.00 KiB",
    "1536, 1.50 KiB",
    "10239, 10.0 KiB",
    "102399, 100 KiB",
    "1048575, 1.00 MiB",
    "1048576, 1.00 MiB",
    "103079215104, 96.0 GiB",
    "9223372036854775807, 8.00 EiB",
    "-2048, -2.00 KiB",
  })
  void hasAboutThreeDigitsAndAUnit(long bytes, String text) {
    assertThat(HumanSize.of(bytes)).isEqualTo(text);
  }
}
