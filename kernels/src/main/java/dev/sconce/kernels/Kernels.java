package dev.sconce.kernels;

import dev.sconce.kernels.internal.KernelProvider;
import dev.sconce.kernels.internal.Scratch;
import dev.sconce.kernels.internal.scalar.ScalarProvider;
import dev.sconce.kernels.internal.vector.VectorProvider;
import java.util.Set;

/**
 * The kernels of this process, one object per family.
 *
 * <p>{@link #shared} is what nearly everybody wants: its threads are the only ones that compute.
 * All families may be used by any number of threads.
 */
public final class Kernels implements AutoCloseable {

  private static final long WARM_UP_NANOS = 10_000_000_000L;

  private final KernelSupport support;
  private final ComputePool pool;
  private final MatrixProducts matrixProducts;
  private final RowFunctions rowFunctions;
  private final Elementwise elementwise;
  private final Attention attention;
  private final Convolutions convolutions;
  private final IntegerProducts integerProducts;
  private final Conversions conversions;
  private final ImageFunctions imageFunctions;
  private final WeightSums weightSums;

  private Kernels(KernelSupport support) {
    this.support = support;
    this.pool = new ComputePool(support.threads());
    Scratch scratch = new Scratch();
    KernelProvider provider =
        support.vector() ? new VectorProvider(scratch) : new ScalarProvider(scratch);
    this.matrixProducts = new MatrixProducts(provider, pool, scratch);
    this.rowFunctions = new RowFunctions(provider.rows(), provider.arrays(), pool);
    this.elementwise = new Elementwise(provider.elementwise(), pool);
    this.attention = new Attention(provider, pool, scratch);
    this.convolutions = new Convolutions(provider, pool, matrixProducts);
    this.integerProducts = new IntegerProducts(provider, pool, scratch);
    this.conversions = new Conversions(pool);
    this.imageFunctions = new ImageFunctions(pool);
    this.weightSums = new WeightSums(provider.sums());
  }

  /** Returns the kernels that everybody shares, for what {@link KernelSupport#detect} found. */
  public static Kernels shared() {
    return Shared.INSTANCE;
  }

  /**
   * Creates kernels of their own, with threads of their own, to be closed.
   *
   * @param support what to use; vector kernels have the width of {@link KernelSupport#detect}
   */
  public static Kernels create(KernelSupport support) {
    return new Kernels(support);
  }

  /**
   * Starts to run products with the given encodings, attention, norms and elementwise functions on
   * dummy data in the background, so that the first real call finds them compiled.
   *
   * <p>Without vectors there is nothing to gain and the thread ends at once; it ends after ten
   * seconds in any case and keeps no JVM alive. To be called once a program is loaded.
   *
   * @param encodings the encodings of the program's weights
   * @return the thread, for those who want to wait
   */
  public Thread warmUp(Set<WeightEncoding> encodings) {
    Runnable work =
        support.vector() ? new WarmUp(support, Set.copyOf(encodings), WARM_UP_NANOS) : () -> {};
    return Thread.ofPlatform().daemon().name("sconce-warm-up").start(work);
  }

  /** Returns what these kernels use. */
  public KernelSupport support() {
    return support;
  }

  /** Returns the threads. */
  public ComputePool pool() {
    return pool;
  }

  /** Returns products with constant and variable matrices. */
  public MatrixProducts matrixProducts() {
    return matrixProducts;
  }

  /** Returns softmax, norms and reductions of rows. */
  public RowFunctions rowFunctions() {
    return rowFunctions;
  }

  /** Returns elementwise functions. */
  public Elementwise elementwise() {
    return elementwise;
  }

  /** Returns attention. */
  public Attention attention() {
    return attention;
  }

  /** Returns convolutions. */
  public Convolutions convolutions() {
    return convolutions;
  }

  /** Returns products and convolutions of statically quantized tensors. */
  public IntegerProducts integerProducts() {
    return integerProducts;
  }

  /** Returns conversions between types of elements. */
  public Conversions conversions() {
    return conversions;
  }

  /** Returns pooling and resizing of images. */
  public ImageFunctions imageFunctions() {
    return imageFunctions;
  }

  /** Returns sums over groups of weights. */
  public WeightSums weightSums() {
    return weightSums;
  }

  /** Ends the threads. */
  @Override
  public void close() {
    pool.close();
  }

  private static final class Shared {

    private static final Kernels INSTANCE = create();

    private static Kernels create() {
      KernelSupport support = KernelSupport.detect();
      if (!support.remedy().isEmpty()) {
        // Logging is set up only if there is something to say: it takes longer than all else here.
        System.getLogger(Kernels.class.getPackageName())
            .log(System.Logger.Level.WARNING, support.describe());
      }
      return new Kernels(support);
    }
  }
}
