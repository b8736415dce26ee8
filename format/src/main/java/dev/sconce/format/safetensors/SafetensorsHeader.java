package dev.sconce.format.safetensors;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.JsonLimits;
import dev.sconce.base.json.JsonReader;
import dev.sconce.base.memory.FieldPath;
import dev.sconce.base.memory.MemoryReader;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file.
 *
 * <pre>
 *   0    u64   n, the length of the header, at most 100,000,000
 *   8    n B   JSON: {"name": {"dtype": "F32", "shape": [2,3], "data_offsets": [begin,end]}, …,
 *              "__metadata__": {"key": "text"}}, padded with spaces
 *   8+n  data  tensor after tensor: no gap, no overlap, nothing before the first or after the last
 * </pre>
 *
 * @param tensors the tensors in the order of their data
 * @param metadata the texts under {@code __metadata__}; empty also if the file has none
 * @param dataOffset where the data begin in the file
 */
public record SafetensorsHeader(
    List<TensorInfo> tensors, SequencedMap<String, String> metadata, long dataOffset) {

  /** The longest header that readers of the format accept. */
  public static final long MAX_HEADER = 100_000_000;

  static final String METADATA = "__metadata__";

  /** Creates the record with copies of list and map. */
  public SafetensorsHeader {
    tensors = List.copyOf(tensors);
    metadata = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Reads and verifies the header of a whole file: all rules of the format are checked here.
   *
   * @throws MalformedFileException if the file breaks one of them
   */
  public static SafetensorsHeader read(MemoryReader file) {
    long length = file.size64(0, FieldPath.root().field("header_length"));
    FieldPath path = FieldPath.root().field("header");
    if (length > MAX_HEADER) {
      throw file.malformed(0, path, "at most " + MAX_HEADER + " bytes", length + " bytes");
    }
    byte[] json = file.bytes(Long.BYTES, length, path).toArray(ValueLayout.JAVA_BYTE);
    return new Parser(file, Long.BYTES + length).header(json);
  }

  /** The parser of one header. */
  private static final class Parser {
    private final MemoryReader file;
    private final long dataOffset;
    private final List<TensorInfo> tensors = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private SequencedMap<String, String> metadata = new LinkedHashMap<>();

    Parser(MemoryReader file, long dataOffset) {
      this.file = file;
      this.dataOffset = dataOffset;
    }

    SafetensorsHeader header(byte[] json) {
      JsonReader reader =
          JsonReader.of(file.file() + " (header)", json, JsonLimits.defaults().withMaxDepth(16));
      reader.beginObject();
      while (reader.hasNext()) {
        String name = reader.nextName();
        if (!names.add(name)) {
          throw malformed(name, "names that occur once", "the name a second time");
        }
        if (name.equals(METADATA)) {
          metadata = metadata(reader);
        } else {
          tensors.add(tensor(name, reader));
        }
      }
      reader.end();
      tensors.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
      checkLayout();
      return new SafetensorsHeader(tensors, metadata, dataOffset);
    }

    private SequencedMap<String, String> metadata(JsonReader reader) {
      SequencedMap<String, String> texts = new LinkedHashMap<>();
      if (reader.peek() == JsonReader.Token.NULL) {
        reader.nextNull();
        return texts;
      }
      reader.beginObject();
      while (reader.hasNext()) {
        String key = reader.nextName();
        if (texts.put(key, reader.nextString()) != null) {
          throw malformed(METADATA, "keys that occur once", "the key '" + key + "' a second time");
        }
      }
      return texts;
    }

    private TensorInfo tensor(String name, JsonReader reader) {
      SafetensorsType type = null;
      List<Long> shape = null;
      List<Long> offsets = null;
      reader.beginObject();
      while (reader.hasNext()) {
        switch (reader.nextName()) {
          case "dtype" -> type = once(type, type(name, reader), name, "dtype");
          case "shape" -> shape = once(shape, sizes(name, reader), name, "shape");
          case "data_offsets" -> offsets = once(offsets, sizes(name, reader), name, "data_offsets");
          default -> reader.skipValue();
        }
      }
      if (type == null || shape == null || offsets == null || offsets.size() != 2) {
        throw malformed(name, "dtype, shape and data_offsets [begin, end]", "less or more of them");
      }
      return new TensorInfo(name, type, shape, offsets.getFirst(), offsets.getLast());
    }

    private <T> T once(@Nullable T old, T value, String name, String field) {
      if (old != null) {
        throw malformed(name, "one " + field, "a second " + field);
      }
      return value;
    }

    private SafetensorsType type(String name, JsonReader reader) {
      String text = reader.nextString();
      return SafetensorsType.ofName(text)
          .orElseThrow(() -> malformed(name, "a dtype of the format", "'" + text + "'"));
    }

    private List<Long> sizes(String name, JsonReader reader) {
      List<Long> sizes = new ArrayList<>();
      reader.beginArray();
      while (reader.hasNext()) {
        long size = reader.nextLong();
        if (size < 0) {
          throw malformed(name, "sizes and offsets of 0 or more", Long.toString(size));
        }
        sizes.add(size);
      }
      return sizes;
    }

    private void checkLayout() {
      long position = 0;
      for (TensorInfo tensor : tensors) {
        if (tensor.begin() != position || tensor.end() < tensor.begin()) {
          throw malformed(
              tensor.name(),
              "data from " + position + " on, without gap or overlap",
              "data_offsets [" + tensor.begin() + ", " + tensor.end() + "]");
        }
        checkSize(tensor);
        position = tensor.end();
      }
      long available = file.size() - dataOffset;
      if (position != available) {
        throw file.malformed(
            dataOffset,
            FieldPath.root().field("data"),
            position + " bytes of tensors up to the end of the file",
            available + " bytes");
      }
    }

    private void checkSize(TensorInfo tensor) {
      long bits;
      try {
        bits = Math.multiplyExact(tensor.elements(), (long) tensor.type().bits());
      } catch (ArithmeticException e) {
        MalformedFileException malformed =
            malformed(tensor.name(), "a size that fits 64 bits", "shape " + tensor.shape());
        malformed.initCause(e);
        throw malformed;
      }
      if (bits % Byte.SIZE != 0 || bits / Byte.SIZE != tensor.byteSize()) {
        throw malformed(
            tensor.name(),
            "the bytes of %s elements of shape %s, %s bits"
                .formatted(tensor.type(), tensor.shape(), bits),
            tensor.byteSize() + " bytes");
      }
    }

    private MalformedFileException malformed(String name, String expected, String found) {
      return file.malformed(Long.BYTES, FieldPath.root().field(name), expected, found);
    }
  }
}
