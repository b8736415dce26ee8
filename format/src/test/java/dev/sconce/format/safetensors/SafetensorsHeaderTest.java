package dev.sconce.format.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Resources;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsHeaderTest {

  private static SafetensorsHeader read(byte[] bytes) {
    return SafetensorsHeader.read(MemoryReader.of("sample", MemorySegment.ofArray(bytes)));
  }

  private static byte[] file(String header, int dataSize) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + dataSize)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }

  @Test
  void readsEveryTypeThatTheReferenceWrites() {
    SafetensorsHeader header = read(Resources.bytes("safetensors/all-types.safetensors"));
    Set<SafetensorsType> types =
        header.tensors().stream().map(TensorInfo::type).collect(Collectors.toSet());
    // The reference implementation's Python side has no name for the 6-bit floats.
    assertThat(types)
        .isEqualTo(
            EnumSet.complementOf(EnumSet.of(SafetensorsType.F6_E2M3, SafetensorsType.F6_E3M2)));
    assertThat(header.metadata()).containsOnlyKeys("format").containsEntry("format", "pt");
  }

  @Test
  void acceptsAnyOrderUnknownFieldsAndNullMetadata() {
    SafetensorsHeader header =
        read(
            file(
                "{\"b\":{\"data_offsets\":[4,6],\"new\":{\"x\":[1]},\"shape\":[2],\"dtype\":\"I8\"},"
                    + "\"__metadata__\":null,\"a\":{\"dtype\":\"F32\",\"shape\":[],"
                    + "\"data_offsets\":[0,4]}}   ",
                6));
    assertThat(header.tensors()).extracting(TensorInfo::name).containsExactly("a", "b");
    assertThat(header.tensors().getFirst().shape()).isEmpty();
  }

  @Test
  void acceptsAFileWithoutTensors() {
    assertThat(read(file("{}", 0)).tensors()).isEmpty();
  }

  @Test
  void packsSixBitFloatsIntoWholeBytes() {
    String header = "{\"a\":{\"dtype\":\"F6_E2M3\",\"shape\":[4],\"data_offsets\":[0,3]}}";
    assertThat(read(file(header, 3)).tensors().getFirst().byteSize()).isEqualTo(3);
    String odd = "{\"a\":{\"dtype\":\"F6_E2M3\",\"shape\":[3],\"data_offsets\":[0,3]}}";
    assertThatThrownBy(() -> read(file(odd, 3))).isInstanceOf(MalformedFileException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hole at the start | {'a':{'dtype':'I8','shape':[2],'data_offsets':[2,4]}} | 4",
        "hole in the middle | {'a':{'dtype':'I8','shape':[1],'data_offsets':[0,1]},'b':{'dtype':'I8','shape':[2],'data_offsets':[2,4]}} | 4",
        "overlap | {'a':{'dtype':'I8','shape':[3],'data_offsets':[0,3]},'b':{'dtype':'I8','shape':[2],'data_offsets':[2,4]}} | 4",
        "same range twice | {'a':{'dtype':'I8','shape':[4],'data_offsets':[0,4]},'b':{'dtype':'I8','shape':[4],'data_offsets':[0,4]}} | 4",
        "data after the last tensor | {'a':{'dtype':'I8','shape':[2],'data_offsets':[0,2]}} | 4",
        "data past the end | {'a':{'dtype':'I8','shape':[6],'data_offsets':[0,6]}} | 4",
        "end before begin | {'a':{'dtype':'I8','shape':[0],'data_offsets':[4,0]}} | 4",
        "size not the shape's | {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | 4",
        "shape overflow | {'a':{'dtype':'F32','shape':[4294967296,4294967296,4294967296],'data_offsets':[0,4]}} | 4",
        "shape overflow before a zero | {'a':{'dtype':'F32','shape':[4294967296,4294967296,4294967296,0],'data_offsets':[0,0]}} | 0",
        "negative size | {'a':{'dtype':'F32','shape':[-1,-1],'data_offsets':[0,4]}} | 4",
        "fractional size | {'a':{'dtype':'F32','shape':[1.0],'data_offsets':[0,4]}} | 4",
        "offset of 2^64 | {'a':{'dtype':'I8','shape':[0],'data_offsets':[18446744073709551616,0]}} | 0",
        "three offsets | {'a':{'dtype':'I8','shape':[0],'data_offsets':[0,0,0]}} | 0",
        "unknown dtype | {'a':{'dtype':'F31','shape':[1],'data_offsets':[0,4]}} | 4",
        "no dtype | {'a':{'shape':[1],'data_offsets':[0,4]}} | 4",
        "no shape | {'a':{'dtype':'F32','data_offsets':[0,4]}} | 4",
        "dtype twice | {'a':{'dtype':'F32','dtype':'F32','shape':[1],'data_offsets':[0,4]}} | 4",
        "name twice | {'a':{'dtype':'I8','shape':[2],'data_offsets':[0,2]},'a':{'dtype':'I8','shape':[2],'data_offsets':[2,4]}} | 4",
        "metadata twice | {'__metadata__':{},'__metadata__':{}} | 0",
        "metadata key twice | {'__metadata__':{'a':'b','a':'c'}} | 0",
        "metadata not text | {'__metadata__':{'a':1}} | 0",
        "tensor not an object | {'a':[]} | 0",
        "not an object | [] | 0",
        "no JSON | x | 0",
        "text after the object | {} {} | 0",
        "empty header | `` | 0",
      })
  void rejects(String why, String header, int dataSize) {
    assertThatThrownBy(() -> read(file(header.replace('\'', '"'), dataSize)))
        .as(why)
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("sample");
  }

  @Test
  void rejectsHeaderLongerThanFile() {
    assertThatThrownBy(() -> read(Arrays.copyOf(file("{}", 0), 9)))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("header");
    assertThatThrownBy(() -> read(new byte[7])).isInstanceOf(MalformedFileException.class);
  }

  @Test
  void rejectsHeaderLongerThanTheFormatAllows() {
    byte[] bytes = file("{}", 0);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 100_000_001);
    assertThatThrownBy(() -> read(bytes)).hasMessageContaining("at most 100000000 bytes");
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, -1);
    assertThatThrownBy(() -> read(bytes)).isInstanceOf(MalformedFileException.class);
  }

  @Test
  void rejectsHeaderThatIsNotUtf8() {
    byte[] bytes = file("{\"__metadata__\":{\"a\":\"bc\"}}", 0);
    bytes[bytes.length - 4] = (byte) 0xC3;
    assertThatThrownBy(() -> read(bytes)).isInstanceOf(MalformedFileException.class);
  }
}
