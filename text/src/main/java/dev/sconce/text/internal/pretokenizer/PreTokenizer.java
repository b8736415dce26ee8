package dev.sconce.text.internal.pretokenizer;

import dev.sconce.text.internal.pipeline.Pieces;
import java.util.List;

/** Splits a text into the pieces that the model tokenizes one by one. Immutable. */
public sealed interface PreTokenizer
    permits PreTokenizer.Chain, PreTokenizer.PerPiece, BertPreTokenizer {

  /** Returns the pieces split further; those that are tokens already stay as they are. */
  Pieces split(Pieces pieces);

  /**
   * Several pre-tokenizers, one after the other.
   *
   * @param parts the pre-tokenizers in order
   */
  record Chain(List<PreTokenizer> parts) implements PreTokenizer {
    /** Copies the list. */
    public Chain {
      parts = List.copyOf(parts);
    }

    @Override
    public Pieces split(Pieces pieces) {
      Pieces result = pieces;
      for (PreTokenizer part : parts) {
        result = part.split(result);
      }
      return result;
    }
  }

  /** A pre-tokenizer that looks at one piece at a time. */
  sealed interface PerPiece extends PreTokenizer
      permits ByteLevel, FixedLength, Metaspace, Split, UnicodeScripts {

    /** Adds what one piece becomes. */
    void split(Pieces pieces, int i, Pieces out);

    @Override
    default Pieces split(Pieces pieces) {
      Pieces out = new Pieces();
      for (int i = 0; i < pieces.size(); i++) {
        if (pieces.token(i) == Pieces.NO_TOKEN) {
          split(pieces, i, out);
        } else {
          out.add(pieces, i);
        }
      }
      return out;
    }
  }
}
