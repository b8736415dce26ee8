package dev.sconce.export.block;

import dev.sconce.export.checkpoint.Weight;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * An encoder of images: patches, with learned vectors before them, through layers to logits.
 *
 * @param channels the number of channels of an image
 * @param patches makes vectors of patches
 * @param prefix the vectors before the patches, each {@code [1, 1, width]}
 * @param positions the position vectors of prefix and patches, {@code [1, N, width]}
 * @param layers the layers
 * @param head the head
 */
public record ImageEncoder(
    int channels,
    PatchEmbedding patches,
    List<Weight> prefix,
    Weight positions,
    List<EncoderLayer> layers,
    EncoderHead head)
    implements Model {

  /** Creates an encoder. */
  public ImageEncoder {
    prefix = List.copyOf(prefix);
    layers = List.copyOf(layers);
  }

  /** Returns the height of images. */
  public int height() {
    return patches.height();
  }

  /** Returns the width of images. */
  public int width() {
    return patches.width();
  }

  /**
   * Writes the model.
   *
   * @param pixels {@code float32[B, channels, height, width]}
   * @return {@code float32[B, labels]}
   */
  public Value apply(Blocks blocks, Value pixels) {
    Author a = blocks.author();
    List<Value> sequence = new ArrayList<>();
    Dim rows = pixels.tensorType().dim(0);
    a.size(pixels, 0);
    prefix.forEach(vector -> sequence.add(ofEveryRow(blocks, vector, rows)));
    sequence.add(patches.apply(blocks, a.to(pixels, blocks.options().dtype())));
    Value x = a.add(a.cat(sequence, 1), blocks.constant(positions));
    for (EncoderLayer layer : layers) {
      x = layer.apply(blocks, x, null);
    }
    return head.apply(blocks, x);
  }

  /** Returns {@code [1, 1, width]} as {@code [B, 1, width]}. */
  private static Value ofEveryRow(Blocks blocks, Weight vector, Dim rows) {
    Value constant = blocks.constant(vector);
    return rows.equals(Dim.ONE)
        ? constant
        : blocks.author().expand(constant, List.of(rows, Dim.ONE, constant.tensorType().dim(2)));
  }
}
