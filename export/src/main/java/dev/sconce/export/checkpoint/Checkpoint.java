package dev.sconce.export.checkpoint;

import dev.sconce.base.BFloat16;
import dev.sconce.base.DType;
import dev.sconce.base.ExportException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import dev.sconce.format.safetensors.SafetensorsCheckpoint;
import dev.sconce.format.safetensors.TensorInfo;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A folder in Hugging Face layout: {@code config.json}, {@code generation_config.json}, safetensors
 * in one file or many, tokenizer files.
 *
 * <p>Tensors are mapped, not read. {@link #close()} ends the mappings; weights taken from the
 * checkpoint cannot be read afterwards.
 */
public final class Checkpoint implements AutoCloseable {

  private final Path folder;
  private final ModelConfig config;
  private final Optional<JsonObject> generationConfig;
  private final SafetensorsCheckpoint tensors;

  private Checkpoint(
      Path folder,
      ModelConfig config,
      Optional<JsonObject> generationConfig,
      SafetensorsCheckpoint tensors) {
    this.folder = folder;
    this.config = config;
    this.generationConfig = generationConfig;
    this.tensors = tensors;
  }

  /**
   * Opens a checkpoint.
   *
   * @throws IOException if a file of it cannot be read
   * @throws ExportException if the folder is no checkpoint that can be exported
   */
  public static Checkpoint open(Path folder) throws IOException {
    Path configFile = folder.resolve("config.json");
    if (!Files.isRegularFile(configFile)) {
      throw new ExportException(
          folder.toString(), "expected a folder with config.json, found none there");
    }
    ModelConfig config = new ModelConfig(Json.readObject(configFile));
    Path generation = folder.resolve("generation_config.json");
    Optional<JsonObject> generationConfig =
        Files.isRegularFile(generation)
            ? Optional.of(Json.readObject(generation))
            : Optional.empty();
    return new Checkpoint(folder, config, generationConfig, openTensors(folder));
  }

  private static SafetensorsCheckpoint openTensors(Path folder) throws IOException {
    if (!Files.exists(folder.resolve("model.safetensors"))
        && !Files.exists(folder.resolve("model.safetensors.index.json"))) {
      boolean pickled = Files.exists(folder.resolve("pytorch_model.bin"));
      throw new ExportException(
          folder.toString(),
          "expected model.safetensors or model.safetensors.index.json, found "
              + (pickled ? "pytorch_model.bin only: convert it to safetensors first" : "neither"));
    }
    return SafetensorsCheckpoint.open(folder);
  }

  /** Returns the folder. */
  public Path folder() {
    return folder;
  }

  /** Returns {@code config.json}. */
  public ModelConfig config() {
    return config;
  }

  /** Returns {@code generation_config.json}, if there is one. */
  public Optional<JsonObject> generationConfig() {
    return generationConfig;
  }

  /**
   * Returns all tensors, none of them taken.
   *
   * @throws IOException if a shard cannot be opened
   */
  public Weights weights() throws IOException {
    List<Weights.StoredTensor> stored = new ArrayList<>();
    for (String name : tensors.names()) {
      stored.add(MappedTensor.of(tensors.info(name), tensors.data(name)));
    }
    return Weights.of(stored);
  }

  @Override
  public void close() {
    tensors.close();
  }

  /** A tensor in mapped memory, converted to float as it is read. */
  private record MappedTensor(String name, DType dtype, List<Long> sizes, MemorySegment data)
      implements Weights.StoredTensor {

    private static final ValueLayout.OfFloat FLOAT =
        ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
        ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static MappedTensor of(TensorInfo info, MemorySegment data) {
      DType dtype =
          info.type()
              .dtype()
              .orElseThrow(
                  () ->
                      new ExportException(
                          "tensor '" + info.name() + "'",
                          "element type " + info.type() + " is not supported"));
      return new MappedTensor(info.name(), dtype, info.shape(), data);
    }

    @Override
    public long[] shape() {
      return sizes.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public int rows() {
      return sizes.isEmpty() ? 1 : Math.toIntExact(sizes.getFirst());
    }

    @Override
    public int columns() {
      return Math.toIntExact(sizes.stream().skip(1).reduce(1L, Math::multiplyExact));
    }

    @Override
    public String identity() {
      return name;
    }

    @Override
    public void read(int firstRow, int count, float[] target) {
      long start = (long) firstRow * columns();
      int length = count * columns();
      switch (dtype) {
        case FLOAT32 -> MemorySegment.copy(data, FLOAT, start * Float.BYTES, target, 0, length);
        case BFLOAT16 -> {
          for (int i = 0; i < length; i++) {
            target[i] = BFloat16.toFloat(data.get(SHORT, (start + i) * Short.BYTES));
          }
        }
        case FLOAT16 -> {
          for (int i = 0; i < length; i++) {
            target[i] = Float.float16ToFloat(data.get(SHORT, (start + i) * Short.BYTES));
          }
        }
        case FLOAT64 -> {
          for (int i = 0; i < length; i++) {
            target[i] = (float) data.get(DOUBLE, (start + i) * Double.BYTES);
          }
        }
        default ->
            throw new ExportException(
                "tensor '" + name + "'", "expected floating-point numbers, found " + dtype);
      }
    }
  }
}
