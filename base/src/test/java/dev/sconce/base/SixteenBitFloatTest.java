package dev.sconce.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both 16-bit formats against the definition of their bits, over all 65,536 values. */
class SixteenBitFloatTest {

  enum Format {
    HALF(5, 10) {
      @Override
      float toFloat(short bits) {
        return HalfFloat.toFloat(bits);
      }

      @Override
      short fromFloat(float value) {
        return HalfFloat.fromFloat(value);
      }

      @Override
      short fromDouble(double value) {
        return HalfFloat.fromDouble(value);
      }
    },
    BFLOAT16(8, 7) {
      @Override
      float toFloat(short bits) {
        return BFloat16.toFloat(bits);
      }

      @Override
      short fromFloat(float value) {
        return BFloat16.fromFloat(value);
      }

      @Override
      short fromDouble(double value) {
        return BFloat16.fromDouble(value);
      }
    };

    private final int exponentBits;
    private final int fractionBits;

    Format(int exponentBits, int fractionBits) {
      this.exponentBits = exponentBits;
      this.fractionBits = fractionBits;
    }

    abstract float toFloat(short bits);

    abstract short fromFloat(float value);

    abstract short fromDouble(double value);

    /** The bits of +infinity; all positive finite values lie below. */
    int infinity() {
      return ((1 << exponentBits) - 1) << fractionBits;
    }

    /** The value by definition; what infinity's bits would mean if they were finite included. */
    double value(int positiveBits) {
      int exponent = positiveBits >> fractionBits;
      int fraction = positiveBits & ((1 << fractionBits) - 1);
      int bias = (1 << (exponentBits - 1)) - 1;
      return exponent == 0
          ? Math.scalb((double) fraction, 1 - bias - fractionBits)
          : Math.scalb((double) (fraction + (1 << fractionBits)), exponent - bias - fractionBits);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyValueIsExactAndSurvivesTheRoundTrip(Format format) {
    for (int bits = 0; bits < 1 << 16; bits++) {
      int magnitude = bits & 0x7FFF;
      float value = format.toFloat((short) bits);
      if (magnitude > format.infinity()) {
        assertThat(value).as("%s %04x", format, bits).isNaN();
        assertThat(format.toFloat(format.fromFloat(value))).as("%s %04x", format, bits).isNaN();
        continue;
      }
      double expected =
          magnitude == format.infinity() ? Double.POSITIVE_INFINITY : format.value(magnitude);
      float signed = (float) (bits == magnitude ? expected : -expected);
      // Raw bits, so that the two zeros are told apart.
      assertThat(Float.floatToRawIntBits(value))
          .as("%s %04x", format, bits)
          .isEqualTo(Float.floatToRawIntBits(signed));
      assertThat(format.fromFloat(value)).as("%s %04x", format, bits).isEqualTo((short) bits);
      assertThat(format.fromDouble(value)).as("%s %04x", format, bits).isEqualTo((short) bits);
    }
  }

  /**
   * Between any two neighbours (zero and the smallest subnormal, the largest finite value and
   * infinity included): the middle goes to the even one, all else to the nearer one.
   */
  @ParameterizedTest
  @EnumSource
  void roundsToNearestTiesToEven(Format format) {
    for (int lower = 0; lower < format.infinity(); lower++) {
      double middle = (format.value(lower) + format.value(lower + 1)) / 2;
      float middleFloat = (float) middle;
      assertThat((double) middleFloat).as("%s %04x", format, lower).isEqualTo(middle);
      int even = lower + (lower & 1);
      for (int sign : new int[] {0, 0x8000}) {
        float s = sign == 0 ? 1 : -1;
        check(format, s * middleFloat, even | sign);
        check(format, s * Math.nextUp(middleFloat), (lower + 1) | sign);
        check(format, s * Math.nextDown(middleFloat), lower | sign);
        // These two doubles are the middle when rounded to float first.
        checkDouble(format, s * middle, even | sign);
        checkDouble(format, s * Math.nextUp(middle), (lower + 1) | sign);
        checkDouble(format, s * Math.nextDown(middle), lower | sign);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void extremesBecomeInfinityOrZeroWithTheirSign(Format format) {
    int infinity = format.infinity();
    check(format, Float.MAX_VALUE, infinity);
    check(format, -Float.MAX_VALUE, infinity | 0x8000);
    checkDouble(format, Double.MAX_VALUE, infinity);
    checkDouble(format, -Double.MAX_VALUE, infinity | 0x8000);
    checkDouble(format, Double.POSITIVE_INFINITY, infinity);
    checkDouble(format, Double.MIN_VALUE, 0);
    checkDouble(format, -Double.MIN_VALUE, 0x8000);
    check(format, -0f, 0x8000);
    assertThat(format.toFloat(format.fromFloat(Float.NaN))).isNaN();
    assertThat(format.toFloat(format.fromDouble(Double.NaN))).isNaN();
    // A NaN whose payload lies in the bits that are cut off must not become an infinity.
    assertThat(format.toFloat(format.fromFloat(Float.intBitsToFloat(0x7F800001)))).isNaN();
    assertThat(format.toFloat(format.fromFloat(Float.intBitsToFloat(0xFF800001)))).isNaN();
  }

  @ParameterizedTest
  @EnumSource
  void noOtherValueIsNearerToARandomDouble(Format format) {
    Random random = new Random(7);
    double largest = format.value(format.infinity() - 1);
    for (int i = 0; i < 100_000; i++) {
      double value = Math.scalb(random.nextDouble() + 1, random.nextInt(-30, 17));
      if (value > largest) {
        continue;
      }
      short bits = format.fromDouble(value);
      double error = Math.abs(format.value(bits) - value);
      assertThat(error)
          .as("%s %a", format, value)
          .isLessThanOrEqualTo(distance(format, bits, value));
    }
  }

  private static double distance(Format format, short bits, double value) {
    double above = Math.abs(format.value(bits + 1) - value);
    return bits == 0 ? above : Math.min(above, Math.abs(format.value(bits - 1) - value));
  }

  private static void check(Format format, float value, int expected) {
    if (format.fromFloat(value) != (short) expected) {
      assertThat(format.fromFloat(value)).as("%s %a", format, value).isEqualTo((short) expected);
    }
    checkDouble(format, value, expected);
  }

  private static void checkDouble(Format format, double value, int expected) {
    if (format.fromDouble(value) != (short) expected) {
      assertThat(format.fromDouble(value)).as("%s %a", format, value).isEqualTo((short) expected);
    }
  }
}
