package dev.sconce.kernels.internal;

import static dev.sconce.kernels.internal.PanelKernel.COLUMNS;
import static dev.sconce.kernels.internal.PanelKernel.ROWS;

import dev.sconce.kernels.ComputePool;

/**
 * The loops around the panel kernel.
 *
 * <p>Rows are taken in parts that stay in the second-level cache. A part is brought into the order
 * of tiles once; then every block's panel is filled once and multiplied with all rows.
 *
 * <pre>
 *   rows     ┌ row 0 ─────┐ ┌ row 1 ─────┐        ┌ row 12 ────┐
 *   tiles    ┌ rows 0 … 11, input by input ─────┐ ┌ rows 12 … 23, input by input ─────┐
 * </pre>
 */
public final class PanelProduct {

  /** How many neighbouring rows are taken at a time at most: results of one block come in turns. */
  public static final int MAX_ROWS = 22 * ROWS;

  private static final int MAX_ELEMENTS = 1 << 19;

  private final PanelKernel kernel;
  private final Scratch scratch;

  /** Creates the loops around the given kernel. */
  public PanelProduct(PanelKernel kernel, Scratch scratch) {
    this.kernel = kernel;
    this.scratch = scratch;
  }

  /** Computes all results in parallel. */
  public void run(PanelJob job, int blocks, int rows, ComputePool pool) {
    int step = rowsOfPart(job, rows);
    for (int row = 0; row < rows; row += step) {
      int first = row;
      int end = Math.min(rows, row + step);
      float[] tiles = tiles(job, end - first);
      pool.run(
          Math.ceilDiv(end - first, ROWS),
          (i, slot) -> {
            int from = first + i * ROWS;
            arrange(job, from, Math.min(end, from + ROWS), tiles, i * ROWS * job.inputs());
          });
      Partition partition = Partition.of(blocks, end - first, pool.size());
      pool.run(
          partition.tasks(),
          (i, slot) ->
              multiply(
                  job,
                  new Part(tiles, first, end),
                  partition.firstBlock(i),
                  partition.endBlock(i),
                  first + wholeTiles(partition.firstRow(i), end - first),
                  first + wholeTiles(partition.endRow(i), end - first)));
    }
  }

  /** Computes a rectangle of results in this thread. */
  public void run(PanelJob job, int firstBlock, int endBlock, int firstRow, int endRow) {
    int step = rowsOfPart(job, endRow - firstRow);
    for (int row = firstRow; row < endRow; row += step) {
      int end = Math.min(endRow, row + step);
      float[] tiles = tiles(job, end - row);
      for (int from = row; from < end; from += ROWS) {
        arrange(job, from, Math.min(end, from + ROWS), tiles, (from - row) * job.inputs());
      }
      multiply(job, new Part(tiles, row, end), firstBlock, endBlock, row, end);
    }
  }

  /** Rows in the order of tiles. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Part(float[] tiles, int firstRow, int endRow) {}

  /** Returns how many rows to take at a time: whole tiles, in parts of about the same size. */
  private static int rowsOfPart(PanelJob job, int rows) {
    int most = Math.clamp(MAX_ELEMENTS / Math.max(1, job.inputs()), ROWS, MAX_ROWS);
    int parts = Math.ceilDiv(rows, most / ROWS * ROWS);
    return Math.ceilDiv(Math.ceilDiv(rows, Math.max(1, parts)), ROWS) * ROWS;
  }

  private float[] tiles(PanelJob job, int rows) {
    return scratch.floats(Scratch.Use.TILES, Math.multiplyExact(rows, job.inputs()));
  }

  private static int wholeTiles(int row, int rows) {
    return row == rows ? rows : row / ROWS * ROWS;
  }

  /** Writes some rows, at most as many as a tile has, in the order of tiles. */
  private void arrange(PanelJob job, int firstRow, int endRow, float[] tiles, int offset) {
    int inputs = job.inputs();
    float[] rows = scratch.floats(Scratch.Use.ACTIVATIONS, ROWS * inputs);
    job.rows().fill(firstRow, endRow, rows);
    int tile;
    for (int row = 0; row < endRow - firstRow; row += tile) {
      tile = kernel.tile(endRow - firstRow - row);
      int to = offset + row * inputs;
      int from = row * inputs;
      for (int k = 0; k < inputs; k++) {
        for (int i = 0; i < tile; i++) {
          tiles[to++] = rows[from + k + i * inputs];
        }
      }
    }
  }

  private void multiply(
      PanelJob job, Part part, int firstBlock, int endBlock, int firstRow, int endRow) {
    int inputs = job.inputs();
    float[] panel = scratch.floats(Scratch.Use.PANEL, Math.multiplyExact(inputs, COLUMNS));
    float[] sums = scratch.floats(Scratch.Use.ACCUMULATORS, ROWS * COLUMNS);
    for (int block = firstBlock; block < endBlock && firstRow < endRow; block++) {
      job.panels().fill(block, panel);
      // Without inputs there still are results: empty sums.
      for (int input = 0; input == 0 || input < inputs; input += job.chunk()) {
        int length = Math.min(job.chunk(), inputs - input);
        chunk(job, part, block, firstRow, endRow, input, length, panel, sums);
      }
    }
  }

  /** Multiplies rows with a part of a panel that stays in the first-level cache. */
  private void chunk(
      PanelJob job,
      Part part,
      int block,
      int firstRow,
      int endRow,
      int input,
      int length,
      float[] panel,
      float[] sums) {
    boolean last = input + length == job.inputs();
    int tile;
    for (int row = firstRow; row < endRow; row += tile) {
      tile = kernel.tile(part.endRow() - row);
      int from = (row - part.firstRow()) * job.inputs() + input * tile;
      kernel.multiply(part.tiles(), from, panel, input * COLUMNS, length, tile, sums);
      for (int i = 0; i < tile; i++) {
        job.results().add(row + i, block, sums, i * COLUMNS, input == 0, last);
      }
    }
  }
}
