package dev.sconce.text.internal.unicode;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The four Unicode normalisation forms (UAX #15), which also tell for every character how the text
 * changed, in the sense of {@code TextRewriter}: 0 replaces a character, 1 is inserted, −n drops n.
 */
public enum NormalizationForm {
  /** Canonical decomposition, then composition. */
  NFC(false, true),
  /** Canonical decomposition. */
  NFD(false, false),
  /** Compatibility decomposition, then composition. */
  NFKC(true, true),
  /** Compatibility decomposition. */
  NFKD(true, false);

  // Hangul syllables are computed: UAX #15, section 16 / Unicode 3.12.
  private static final int S_BASE = 0xAC00;
  private static final int L_BASE = 0x1100;
  private static final int V_BASE = 0x1161;
  private static final int T_BASE = 0x11A7;
  private static final int L_COUNT = 19;
  private static final int V_COUNT = 21;
  private static final int T_COUNT = 28;
  private static final int S_COUNT = L_COUNT * V_COUNT * T_COUNT;

  private final boolean compatible;
  private final boolean compose;

  NormalizationForm(boolean compatible, boolean compose) {
    this.compatible = compatible;
    this.compose = compose;
  }

  /** Receives the characters of a normalised text. */
  @FunctionalInterface
  public interface Sink {
    /** Receives a character and how it changes the text. */
    void put(int codePoint, int change);
  }

  /** Sends the normalised form of a text to a sink. */
  public void normalize(String text, Sink sink) {
    Run run = new Run(this, text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      run.decompose(c);
      i += Character.charCount(c);
    }
    run.sortMarks();
    if (compose) {
      run.compose(sink);
    } else {
      for (int i = 0; i < run.size; i++) {
        sink.put(run.codePoints[i], run.changes[i]);
      }
    }
  }

  /** Returns whether no character of a text can change: all are ASCII. */
  public static boolean isTriviallyNormal(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /** The data that all forms share, decoded when first needed. */
  private static final class Data {
    private static final Data SHARED = new Data();

    private final Map<Integer, int[]> canonical = UnicodeTables.get().map("norm.canonical");
    private final Map<Integer, int[]> compatible = UnicodeTables.get().map("norm.compatible");
    private final byte[] combiningClass = new byte[Character.MAX_CODE_POINT + 1];
    private final Map<Long, Integer> composed = new HashMap<>();

    private Data() {
      UnicodeTables.get()
          .map("norm.class")
          .forEach((c, value) -> combiningClass[c] = (byte) value[0]);
      UnicodeTables.get()
          .map("norm.composed")
          .forEach((c, pair) -> composed.put(pair(pair[0], pair[1]), c));
    }

    private static long pair(int first, int second) {
      return ((long) first << 32) | second;
    }
  }

  /** The decomposed characters of one text. */
  private static final class Run {
    private final Data data = Data.SHARED;
    private final NormalizationForm form;
    private int[] codePoints;
    private int[] changes;
    private int size;
    private int firstMark;

    private Run(NormalizationForm form, int length) {
      this.form = form;
      this.codePoints = new int[length + 16];
      this.changes = new int[length + 16];
    }

    private int combiningClass(int c) {
      return data.combiningClass[c] & 0xFF;
    }

    private void decompose(int c) {
      if (c < 0x80) {
        push(c, 0);
        return;
      }
      int syllable = c - S_BASE;
      if (syllable >= 0 && syllable < S_COUNT) {
        push(L_BASE + syllable / (V_COUNT * T_COUNT), 0);
        push(V_BASE + syllable % (V_COUNT * T_COUNT) / T_COUNT, 1);
        if (syllable % T_COUNT > 0) {
          push(T_BASE + syllable % T_COUNT, 1);
        }
        return;
      }
      int[] parts = form.compatible ? data.compatible.get(c) : null;
      if (parts == null) {
        parts = data.canonical.get(c);
      }
      if (parts == null) {
        push(c, 0);
        return;
      }
      for (int i = 0; i < parts.length; i++) {
        push(parts[i], i == 0 ? 0 : 1);
      }
    }

    private void push(int c, int change) {
      if (size == codePoints.length) {
        codePoints = Arrays.copyOf(codePoints, size * 2);
        changes = Arrays.copyOf(changes, size * 2);
      }
      if (c < 0x300 || combiningClass(c) == 0) {
        sortMarks();
        firstMark = size + 1;
      }
      codePoints[size] = c;
      changes[size++] = change;
    }

    /** Sorts the marks since the last starter by their class, stably, so in n log n. */
    private void sortMarks() {
      int n = size - firstMark;
      if (n < 2) {
        return;
      }
      // class << 32 | position sorts stably; equal classes keep their order.
      long[] keys = new long[n];
      int[] c = Arrays.copyOfRange(codePoints, firstMark, size);
      int[] d = Arrays.copyOfRange(changes, firstMark, size);
      for (int i = 0; i < n; i++) {
        keys[i] = ((long) combiningClass(c[i]) << 32) | i;
      }
      Arrays.sort(keys);
      for (int i = 0; i < n; i++) {
        codePoints[firstMark + i] = c[(int) keys[i]];
        changes[firstMark + i] = d[(int) keys[i]];
      }
    }

    /** Composes starters with the marks that nothing blocks (UAX #15, D117). */
    private void compose(Sink sink) {
      int starter = -1;
      int starterChange = 0;
      int[] waiting = new int[8];
      int[] waitingChanges = new int[8];
      int n = 0;
      int lastClass = -1;
      for (int i = 0; i < size; i++) {
        int c = codePoints[i];
        int change = changes[i];
        int mark = combiningClass(c);
        if (starter < 0) {
          if (mark != 0) {
            sink.put(c, change);
          } else {
            starter = c;
            starterChange = change;
          }
          continue;
        }
        boolean blocked = lastClass >= mark;
        int joined = blocked ? -1 : join(starter, c);
        if (joined >= 0) {
          starter = joined;
          starterChange += change - 1;
        } else if (mark == 0) {
          sink.put(starter, starterChange);
          for (int k = 0; k < n; k++) {
            sink.put(waiting[k], waitingChanges[k]);
          }
          n = 0;
          lastClass = -1;
          starter = c;
          starterChange = change;
        } else {
          if (n == waiting.length) {
            waiting = Arrays.copyOf(waiting, n * 2);
            waitingChanges = Arrays.copyOf(waitingChanges, n * 2);
          }
          waiting[n] = c;
          waitingChanges[n++] = change;
          lastClass = mark;
        }
      }
      if (starter >= 0) {
        sink.put(starter, starterChange);
      }
      for (int k = 0; k < n; k++) {
        sink.put(waiting[k], waitingChanges[k]);
      }
    }

    private int join(int a, int b) {
      int l = a - L_BASE;
      int v = b - V_BASE;
      if (l >= 0 && l < L_COUNT && v >= 0 && v < V_COUNT) {
        return S_BASE + (l * V_COUNT + v) * T_COUNT;
      }
      int s = a - S_BASE;
      int t = b - T_BASE;
      if (s >= 0 && s < S_COUNT && s % T_COUNT == 0 && t > 0 && t < T_COUNT) {
        return a + t;
      }
      Integer joined = data.composed.get(Data.pair(a, b));
      return joined == null ? -1 : joined;
    }
  }
}
