package dev.sconce.text.internal.json;

import dev.sconce.text.internal.decoder.Decoder;
import dev.sconce.text.internal.pretokenizer.Metaspace;

/** Reads decoders. */
final class DecoderJson {

  private DecoderJson() {}

  static Decoder read(Fields f) {
    String type = f.string("type");
    return switch (type) {
      case "BPEDecoder" -> new Decoder.Bpe(f.only("type", "suffix").string("suffix"));
      case "ByteFallback" -> {
        f.only("type");
        yield new Decoder.ByteFallback();
      }
      case "ByteLevel" -> {
        f.only("type", "add_prefix_space", "trim_offsets", "use_regex");
        yield new Decoder.ByteLevel();
      }
      case "CTC" -> {
        f.only("type", "pad_token", "word_delimiter_token", "cleanup");
        yield new Decoder.Ctc(
            f.string("pad_token"), f.string("word_delimiter_token"), f.bool("cleanup"));
      }
      case "Fuse" -> {
        f.only("type");
        yield new Decoder.Fuse();
      }
      case "Metaspace" -> {
        f.only("type", "replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep");
        yield new Decoder.Metaspace(
            f.character("replacement"), PreTokenizerJson.scheme(f) != Metaspace.Scheme.NEVER);
      }
      case "Replace" -> new Decoder.Replacing(NormalizerJson.replace(f));
      case "Sequence" ->
          new Decoder.Chain(
              f.only("type", "decoders").objects("decoders").stream()
                  .map(DecoderJson::read)
                  .toList());
      case "Strip" -> {
        f.only("type", "content", "start", "stop");
        yield new Decoder.Strip(
            f.character("content").codePointAt(0),
            f.integer("start", 0, Integer.MAX_VALUE),
            f.integer("stop", 0, Integer.MAX_VALUE));
      }
      case "WordPiece" -> {
        f.only("type", "prefix", "cleanup");
        yield new Decoder.WordPiece(f.string("prefix"), f.bool("cleanup"));
      }
      default -> throw f.error("type", "a known decoder", "'" + type + "'");
    };
  }
}
