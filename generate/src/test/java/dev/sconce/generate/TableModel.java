package dev.sconce.generate;

/** A model without network: {@code logits[t] = A[id[t]] + B[id[t-1]]}. */
final class TableModel implements StepFunction {

  private final float[][] a;
  private final float[][] b;
  private int[] last = {};

  TableModel(float[][] a, float[][] b) {
    this.a = a;
    this.b = b;
  }

  @Override
  public float[][] step(int[][] ids, int position, int[] rows) {
    float[][] scores = new float[ids.length][];
    int[] next = new int[ids.length];
    for (int r = 0; r < ids.length; r++) {
      int[] row = ids[r];
      int id = row[row.length - 1];
      int before =
          row.length > 1
              ? row[row.length - 2]
              : position == 0 ? -1 : last[rows == null ? r : rows[r]];
      scores[r] = a[id].clone();
      for (int t = 0; before >= 0 && t < scores[r].length; t++) {
        scores[r][t] += b[before][t];
      }
      next[r] = id;
    }
    last = next;
    return scores;
  }
}
