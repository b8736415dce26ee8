package dev.sconce.export.block;

import dev.sconce.export.checkpoint.Weight;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Cuts an image into patches that do not overlap and turns each into a vector.
 *
 * <p>A convolution whose stride is its kernel is a product of a matrix with the patches:
 *
 * <pre>
 * [B, C, H, W] → [B, C, H/p, p, W/q, q] → [B, H/p, W/q, C, p, q] → [B, H/p·W/q, C·p·q] → linear
 * </pre>
 *
 * @param kernel {@code [width, C, p, q]}
 * @param bias one number an output, or null
 * @param height the height of images
 * @param width the width of images
 */
public record PatchEmbedding(Weight kernel, @Nullable Weight bias, int height, int width) {

  /** Returns the number of patches of an image with a kernel of a given height and width. */
  public static int count(int height, int width, int patchHeight, int patchWidth) {
    return (height / patchHeight) * (width / patchWidth);
  }

  /** Writes the embedding. */
  Value apply(Blocks blocks, Value pixels) {
    Author a = blocks.author();
    int[] shape = kernel.shape();
    int channels = shape[1];
    int patchHeight = shape[2];
    int patchWidth = shape[3];
    int rows = height / patchHeight;
    int columns = width / patchWidth;
    // What does not fill a patch is left out, as a convolution does.
    Value tall = crop(a, pixels, 2, height, rows * patchHeight);
    Value whole = crop(a, tall, 3, width, columns * patchWidth);
    Dim images = pixels.tensorType().dim(0);
    Dim c = Dim.of(channels);
    Dim down = Dim.of(rows);
    Dim high = Dim.of(patchHeight);
    Dim across = Dim.of(columns);
    Dim wide = Dim.of(patchWidth);
    int patch = channels * patchHeight * patchWidth;
    // One image is no dimension at all.
    Value parts =
        images.equals(Dim.ONE)
            ? a.permute(a.view(whole, c, down, high, across, wide), 1, 3, 0, 2, 4)
            : a.permute(a.view(whole, images, c, down, high, across, wide), 0, 2, 4, 1, 3, 5);
    Value patches = a.view(parts, images, Dim.of((long) rows * columns), Dim.of(patch));
    // Not a Linear: schemes for linear layers leave convolutions alone.
    return blocks
        .builder()
        .call(
            "aten::linear.out",
            Operand.of(patches),
            Operand.of(blocks.constant(kernel.reshaped(shape[0], patch))),
            Operand.ofNullable(bias == null ? null : blocks.constant(bias)));
  }

  private static Value crop(Author a, Value x, int dim, int size, int kept) {
    return size == kept ? x : a.slice(x, dim, 0, kept);
  }
}
