package dev.sconce.export.checkpoint;

import dev.sconce.base.DType;
import dev.sconce.base.ExportException;
import dev.sconce.graph.quantize.WeightRows;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The tensors of a checkpoint, looked up by name below a prefix, with accounts kept.
 *
 * <p>Whoever builds a model takes every tensor that it needs; what is left over and not expected to
 * be is an error in the end, because an ignored tensor is a wrong model.
 */
public final class Weights {

  /** The account that all prefixes of one checkpoint share. */
  private static final class Account {
    private final Map<String, StoredTensor> tensors;
    private final Set<String> taken = new TreeSet<>();

    Account(Map<String, StoredTensor> tensors) {
      this.tensors = tensors;
    }
  }

  private final Account account;
  private final String prefix;

  private Weights(Account account, String prefix) {
    this.account = account;
    this.prefix = prefix;
  }

  /** Returns all tensors of a checkpoint. */
  public static Weights of(Collection<StoredTensor> tensors) {
    Map<String, StoredTensor> byName = new LinkedHashMap<>();
    tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
    return new Weights(new Account(byName), "");
  }

  /** Returns the tensors below a name: {@code in("model").in("layers.0")}. */
  public Weights in(String name) {
    return name.isEmpty() ? this : new Weights(account, prefix + name + ".");
  }

  /** Returns the full name of a tensor of this prefix. */
  public String fullName(String name) {
    return prefix + name;
  }

  /** Returns whether there is a tensor of this name. */
  public boolean has(String name) {
    return account.tensors.containsKey(prefix + name);
  }

  /** Returns whether there is any tensor below this name. */
  public boolean hasAny(String name) {
    String start = prefix + name + ".";
    return account.tensors.keySet().stream().anyMatch(full -> full.startsWith(start));
  }

  /**
   * Takes a tensor of a given shape.
   *
   * @throws ExportException if it is not there or has another shape
   */
  public Weight take(String name, int... shape) {
    StoredTensor tensor = account.tensors.get(prefix + name);
    if (tensor == null) {
      throw new ExportException(
          "tensor '" + prefix + name + "'", "the model needs it, the checkpoint lacks it");
    }
    long[] expected = Arrays.stream(shape).asLongStream().toArray();
    if (!Arrays.equals(tensor.shape(), expected)) {
      throw new ExportException(
          "tensor '" + prefix + name + "'",
          "expected shape %s, found %s"
              .formatted(Arrays.toString(shape), Arrays.toString(tensor.shape())));
    }
    account.taken.add(prefix + name);
    return Weight.of(tensor);
  }

  /** Returns the shape of a tensor that must be there, without taking it. */
  public long[] shape(String name) {
    StoredTensor tensor = account.tensors.get(prefix + name);
    if (tensor == null) {
      throw new ExportException(
          "tensor '" + prefix + name + "'", "the model needs it, the checkpoint lacks it");
    }
    return tensor.shape();
  }

  /**
   * Checks that nothing is left over.
   *
   * @param ignored names that may be left: buffers of old releases, heads of other tasks
   * @throws ExportException if other tensors were not taken
   */
  public void checkAllTaken(Collection<Pattern> ignored) {
    Set<String> left = new TreeSet<>(account.tensors.keySet());
    left.removeAll(account.taken);
    left.removeIf(name -> ignored.stream().anyMatch(p -> p.matcher(name).matches()));
    if (!left.isEmpty()) {
      throw new ExportException(
          left.size() + " tensors of the checkpoint",
          "the model has no use for " + String.join(", ", left));
    }
  }

  /** A tensor as it is stored. */
  public interface StoredTensor extends WeightRows {

    /** Returns the name in the checkpoint. */
    String name();

    /** Returns the element type in the checkpoint. */
    DType dtype();

    /** Returns the sizes. */
    long[] shape();
  }
}
