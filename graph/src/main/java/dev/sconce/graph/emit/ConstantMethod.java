package dev.sconce.graph.emit;

import dev.sconce.base.DType;
import dev.sconce.format.Ints;
import dev.sconce.format.Longs;
import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.ContainerMetadata;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteValue;
import dev.sconce.graph.ConstantData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedCollection;
import java.util.stream.LongStream;

/**
 * A method without inputs that returns constants: how programs carry metadata.
 *
 * @param name the method's name, for example {@code get_max_seq_len}
 * @param values what it returns; a list flattens to several outputs
 */
public record ConstantMethod(String name, List<Item> values) {

  /** Creates a method. */
  public ConstantMethod {
    values = List.copyOf(values);
  }

  /** One returned value. */
  public sealed interface Item {

    /**
     * A number, boolean or string.
     *
     * @param value the value as the file holds it
     */
    record Plain(PteValue value) implements Item {}

    /**
     * Bytes, returned as a tensor of uint8.
     *
     * @param data the bytes
     */
    record Bytes(ConstantData data) implements Item {}
  }

  /**
   * Returns a method that returns an integer. Not left to the list of integers: a single int would
   * rather become a double.
   */
  public static ConstantMethod of(String name, long value) {
    return new ConstantMethod(name, List.of(plain(new PteValue.IntValue(value))));
  }

  /** Returns a method that returns integers. */
  public static ConstantMethod of(String name, long[] values) {
    return new ConstantMethod(
        name, LongStream.of(values).mapToObj(v -> plain(new PteValue.IntValue(v))).toList());
  }

  /** Returns a method that returns a boolean. */
  public static ConstantMethod of(String name, boolean value) {
    return new ConstantMethod(name, List.of(plain(new PteValue.BoolValue(value))));
  }

  /** Returns a method that returns a number. */
  public static ConstantMethod of(String name, double value) {
    return new ConstantMethod(name, List.of(plain(new PteValue.DoubleValue(value))));
  }

  /** Returns a method that returns strings. */
  public static ConstantMethod of(String name, List<String> values) {
    return new ConstantMethod(
        name, values.stream().map(v -> plain(new PteValue.StringValue(v))).toList());
  }

  /** Returns a method that returns bytes. */
  public static ConstantMethod of(String name, byte[] bytes) {
    return new ConstantMethod(name, List.of(blob(name, bytes)));
  }

  /** Returns a method that returns several blobs of bytes, in order. */
  public static ConstantMethod ofBlobs(String name, SequencedCollection<byte[]> blobs) {
    List<Item> items = new ArrayList<>();
    for (byte[] bytes : blobs) {
      items.add(blob(name + "." + items.size(), bytes));
    }
    return new ConstantMethod(name, items);
  }

  private static Item blob(String name, byte[] bytes) {
    String identity = name + " " + Arrays.hashCode(bytes) + " " + bytes.length;
    return new Item.Bytes(ConstantData.of(identity, bytes));
  }

  private static Item plain(PteValue value) {
    return new Item.Plain(value);
  }

  ExecutionPlan emit(ProgramConstants shared) {
    List<PteValue> all = new ArrayList<>();
    for (Item item : values) {
      all.add(
          switch (item) {
            case Item.Plain(PteValue value) -> value;
            case Item.Bytes(ConstantData data) ->
                new PteValue.TensorValue(
                    DType.UINT8,
                    0,
                    Ints.of(Math.toIntExact(data.byteSize())),
                    Ints.of(0),
                    false,
                    shared.indexOf(data),
                    null,
                    0,
                    PteValue.ShapeDynamism.STATIC,
                    null);
          });
    }
    int[] outputs = new int[all.size()];
    Arrays.setAll(outputs, i -> i);
    Chain chain = new Chain(Ints.of(), Ints.of(), List.of(), List.of());
    return new ExecutionPlan(
        name,
        new ContainerMetadata("", ""),
        all,
        Ints.of(),
        Ints.of(outputs),
        List.of(chain),
        List.of(),
        List.of(),
        Longs.of(0),
        List.of());
  }
}
