package dev.sconce.format.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.DType;
import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Resources;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {

  private static NpyArray sample(String name) {
    return read(Resources.bytes("npy/" + name + ".npy"));
  }

  private static NpyArray read(byte[] bytes) {
    return Npy.read(MemoryReader.of("sample.npy", MemorySegment.ofArray(bytes)));
  }

  private static byte[] bytes(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }

  /** An npy file of version 1 with the given header and data. */
  private static byte[] file(String header, int dataSize) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    byte[] file = new byte[10 + text.length + dataSize];
    System.arraycopy(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, 0, file, 0, 8);
    file[8] = (byte) text.length;
    file[9] = (byte) (text.length >> 8);
    System.arraycopy(text, 0, file, 10, text.length);
    return file;
  }

  @ParameterizedTest
  @EnumSource
  void writesEveryTypeByteForByteAsNumpy(NpyType type) {
    byte[] expected = Resources.bytes("npy/" + type.dtype().torchName() + ".npy");
    NpyArray array = read(expected);
    assertThat(array.dtype()).isEqualTo(type.dtype());
    assertThat(array.shape()).containsExactly(2L, 3L);
    assertThat(Npy.toBytes(array)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector", "empty"})
  void writesUnusualShapesByteForByteAsNumpy(String name) {
    byte[] expected = Resources.bytes("npy/" + name + ".npy");
    assertThat(Npy.toBytes(read(expected))).isEqualTo(expected);
  }

  @Test
  void readsVersions2And3() {
    byte[] expected = bytes(sample("float32").data());
    assertThat(bytes(sample("version-2").data())).isEqualTo(expected);
    assertThat(bytes(sample("version-3").data())).isEqualTo(expected);
  }

  @Test
  void turnsBigEndianIntoLittleEndian() {
    NpyArray array = sample("big-endian-int32").canonical();
    assertThat(array.data().toArray(ValueLayout.JAVA_INT)).containsExactly(0, 1, 2, 3, 4, 5);
    NpyArray complex = sample("big-endian-complex64").canonical();
    assertThat(complex.data().toArray(ValueLayout.JAVA_FLOAT))
        .containsExactly(0, 1, 1, 1, 2, 1, 3, 1, 4, 1, 5, 1);
  }

  @Test
  void turnsColumnMajorIntoRowMajor() {
    NpyArray array = sample("fortran-float32");
    assertThat(array.columnMajor()).isTrue();
    float[] values = array.canonical().data().toArray(ValueLayout.JAVA_FLOAT);
    assertThat(values).hasSize(24);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).isEqualTo(i);
    }
    NpyArray both = sample("fortran-big-endian-int16").canonical();
    assertThat(both.data().toArray(ValueLayout.JAVA_SHORT))
        .containsExactly(new short[] {0, 1, 2, 3, 4, 5});
  }

  @Test
  void writesAndReadsFiles(@TempDir Path folder) throws Exception {
    NpyArray array = sample("fortran-float32");
    Path file = folder.resolve("a.npy");
    Npy.write(file, array);
    NpyArray again = Npy.read(file);
    assertThat(again.columnMajor()).isFalse();
    assertThat(bytes(again.data())).isEqualTo(bytes(array.canonical().data()));
    assertThat(folder.toFile().list()).containsExactly("a.npy");
  }

  @Test
  void refusesTypesThatNpyLacks() {
    NpyArray array = NpyArray.of(DType.BFLOAT16, List.of(1L), MemorySegment.ofArray(new byte[2]));
    assertThatThrownBy(() -> Npy.toBytes(array))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("bfloat16");
  }

  @Test
  void refusesDataOfAnotherSizeThanTheShapes() {
    NpyArray array = NpyArray.of(DType.INT8, List.of(3L), MemorySegment.ofArray(new byte[2]));
    assertThatThrownBy(() -> Npy.toBytes(array))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("3 bytes")
        .hasMessageContaining("2 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"structured", "strings"})
  void rejectsTypesThatNoTensorHas(String name) {
    assertThatThrownBy(() -> sample(name)).isInstanceOf(MalformedFileException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{'descr': '<f4'",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999999999,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387906,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,99999999999)}",
        "{'descr': '|f4', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': 'f16', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} more",
        "{'de\\'scr': '<f4', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '\u00ff', 'fortran_order': False, 'shape': (2,)}",
      })
  void rejectsBadHeaders(String header) {
    assertThatThrownBy(() -> read(file(header, 8))).isInstanceOf(MalformedFileException.class);
  }

  @Test
  void acceptsSpellingsThatPythonAccepts() {
    NpyArray array =
        read(file("{\"shape\":(2L,), \"descr\":'=f4',\n\"fortran_order\":True , } \n", 8));
    assertThat(array.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(array.shape()).containsExactly(2L);
  }

  @Test
  void rejectsEveryTruncation() {
    byte[] whole = Resources.bytes("npy/float32.npy");
    for (int size = 0; size < whole.length; size++) {
      byte[] cut = Arrays.copyOf(whole, size);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(MalformedFileException.class);
    }
  }

  @Test
  void rejectsOtherVersionsAndFiles() {
    byte[] version4 = Resources.bytes("npy/float32.npy");
    version4[6] = 4;
    assertThatThrownBy(() -> read(version4)).hasMessageContaining("found 4.0");
    assertThatThrownBy(() -> read(new byte[100])).hasMessageContaining("NUMPY");
  }
}
