package dev.sconce.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DTypeTest {

  /** Codes and names as c10's ScalarType has them; sizes by the definition of each type. */
  @ParameterizedTest
  @CsvSource({
    "0, 8, Byte, uint8",
    "1, 8, Char, int8",
    "2, 16, Short, int16",
    "3, 32, Int, int32",
    "4, 64, Long, int64",
    "5, 16, Half, float16",
    "6, 32, Float, float32",
    "7, 64, Double, float64",
    "8, 32, ComplexHalf, complex32",
    "9, 64, ComplexFloat, complex64",
    "10, 128, ComplexDouble, complex128",
    "11, 8, Bool, bool",
    "12, 8, QInt8, qint8",
    "13, 8, QUInt8, quint8",
    "14, 32, QInt32, qint32",
    "15, 16, BFloat16, bfloat16",
    "16, 4, QUInt4x2, quint4x2",
    "17, 2, QUInt2x4, quint2x4",
    "18, 1, Bits1x8, bits1x8",
    "19, 2, Bits2x4, bits2x4",
    "20, 4, Bits4x2, bits4x2",
    "21, 8, Bits8, bits8",
    "22, 16, Bits16, bits16",
    "23, 8, Float8_e5m2, float8_e5m2",
    "24, 8, Float8_e4m3fn, float8_e4m3fn",
    "25, 8, Float8_e5m2fnuz, float8_e5m2fnuz",
    "26, 8, Float8_e4m3fnuz, float8_e4m3fnuz",
    "27, 16, UInt16, uint16",
    "28, 32, UInt32, uint32",
    "29, 64, UInt64, uint64",
  })
  void hasCodeSizeAndNames(int code, int bits, String scalarTypeName, String torchName) {
    DType type = DType.ofCode(code).orElseThrow();
    assertThat(type.code()).isEqualTo(code);
    assertThat(type.bits()).isEqualTo(bits);
    assertThat(type.scalarTypeName()).isEqualTo(scalarTypeName);
    assertThat(type.torchName()).isEqualTo(torchName).isEqualTo(type.toString());
  }

  @Test
  void theTableAboveIsComplete() {
    assertThat(DType.values()).hasSize(30);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 30, 127, -128, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void unknownCodesAreNoType(int code) {
    assertThat(DType.ofCode(code)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void bytesAreBitsRoundedUp(DType type) {
    for (long count : new long[] {0, 1, 2, 3, 7, 8, 9, 1_000_003}) {
      assertThat(type.byteSize(count)).isEqualTo((count * type.bits() + 7) / 8);
    }
  }

  @ParameterizedTest
  @EnumSource
  void hugeCountsDoNotWrapAround(DType type) {
    if (type.bits() > 8) {
      assertThatThrownBy(() -> type.byteSize(Long.MAX_VALUE / 2 + 1))
          .isInstanceOf(ArithmeticException.class);
    }
  }

  @Test
  void packedTypesHaveNoSizePerElement() {
    assertThatThrownBy(DType.QUINT4X2::size)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("byteSize");
    assertThat(DType.FLOAT32.size()).isEqualTo(4);
    assertThat(DType.COMPLEX128.size()).isEqualTo(16);
  }

  @Test
  void kindsAreDisjoint() {
    assertThat(Arrays.stream(DType.values()).filter(DType::isFloating))
        .containsExactly(DType.FLOAT16, DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16);
    assertThat(Arrays.stream(DType.values()).filter(DType::isInteger))
        .containsExactly(
            DType.UINT8,
            DType.INT8,
            DType.INT16,
            DType.INT32,
            DType.INT64,
            DType.UINT16,
            DType.UINT32,
            DType.UINT64);
  }
}
