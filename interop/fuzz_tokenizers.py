"""Compares sconce's tokenizers with the `tokenizers` library on random components and random text.

    python fuzz_tokenizers.py [--seed N] [--tokenizers N] [--texts N] --sconce "java -cp … dev.sconce.cli.Main"

Each round draws a normalizer, pre-tokenizer, model, post-processor and decoder with random options, writes a tokenizer.json, and
sends the same requests to both: texts, pairs, ids to decode, streams; with truncation, padding and added tokens of every kind.
Prints every difference; the exit code is 1 if there is one. Where the library itself refuses (an exception or a panic), sconce may do
either. Two things that the library does are no model for sconce, and left out: an added token that the normalizer turns into nothing
splits the text at every byte (and panics inside a character), and tokens that stand for more bytes than there are (byte fallback of an
affixed symbol) get offsets beyond the end of the text.
"""
import argparse, json, os, random, shlex, subprocess, sys, tempfile

os.environ["TOKENIZERS_PARALLELISM"] = "false"
import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers as pre, processors
from tokenizers.decoders import DecodeStream

PATTERNS = [r"\s+", r"\p{L}+|\p{N}+|[^\s\p{L}\p{N}]+", r"[0-9]{1,3}", r"(?i:ab|s)+", r"(?<=a)b|c(?!d)", r"\b", r"\w+|[^\w\s]+", r"[^\s]+\s?", r"a*?b", r"(?:ab)+|x++", r"[[:punct:]]", r"\p{Han}|\p{Lu}\p{Ll}*", r"[^(\s|[.,!?])]+", r"(a|b)+c?", r"\d{2,}?", r"^.|.$", r"(.)\1", r"[a-z&&[^aeiou]]+", r"\p{M}+", r"(?>a+)b?", r"\p{N}{1,3}+", r".{3}", r"(?=(\d{3})+(?!\d))", r"\S+$", r"[\p{L}\p{M}]+|.", "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"]
LITERALS = [" ", "a", "ab", "▁", "  ", ".", "é", "1"]
BEHAVIORS = ["removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"]
WORDS = "the of and to in is a world hello Hello HELLO don't I'm he'll 123 4567 3.14 naïve café Straße İstanbul ſ K ﬁ ½ ² Ⅷ ١٢٣ नमस्ते 世界 日本語 カタカナ 한국어 각 สวัสดี שלום مرحبا Привет é e\u0301 a\u0327\u0301 😀 👨‍👩‍👧 🇩🇪 [MASK] <s> </s> <unk> ▁ Ġ </w> ##ing | -- ... ,,, \t \n \r\n \u00a0 \u3000 \u200b \ufeff \u0000 \u0007 \u1680 ab abc aab cd x xx".split(" ") + [" ", "  ", "\u2028", "\ufffd", "\U000e0001", "\u0378", "ก\u0e33", "\u1100\u1161\u11a8", "\u0600a", "\u0915\u094d\u0937"]


def text(r):
    out = []
    for _ in range(r.randint(0, 14)):
        x = r.random()
        if x < 0.7:
            out.append(r.choice(WORDS))
        elif x < 0.85:
            out.append("".join(r.choice("abcdeABC 0123.,'-é́") for _ in range(r.randint(1, 8))))
        else:
            c = r.randint(0, 0x10FFFF) if r.random() < 0.3 else r.randint(0x20, 0x3000)
            out.append(chr(c) if not 0xD800 <= c <= 0xDFFF else "")
        if r.random() < 0.6:
            out.append(" ")
    return "".join(out)


def charsmap():
    """a small SentencePiece table, trained once"""
    import io
    import sentencepiece as spm
    from sentencepiece import sentencepiece_model_pb2 as pb
    b = io.BytesIO()
    spm.SentencePieceTrainer.train(sentence_iterator=iter(["the quick brown fox", "jumps over the lazy dog"] * 40), model_writer=b, vocab_size=40, minloglevel=2, hard_vocab_limit=False)
    m = pb.ModelProto()
    m.ParseFromString(b.getvalue())
    return m.normalizer_spec.precompiled_charsmap


CHARSMAP = None


def pattern(r):
    return Regex(r.choice(PATTERNS)) if r.random() < 0.7 else r.choice(LITERALS)


def normalizer(r, depth=0):
    kind = r.randint(0, 15 if depth < 2 else 13)
    if kind == 0:
        return normalizers.BertNormalizer(clean_text=r.random() < .5, handle_chinese_chars=r.random() < .5, strip_accents=r.choice([None, True, False]), lowercase=r.random() < .5)
    simple = [normalizers.NFC, normalizers.NFD, normalizers.NFKC, normalizers.NFKD, normalizers.Lowercase, normalizers.Nmt, normalizers.StripAccents, normalizers.ByteLevel]
    if kind <= 8:
        return simple[kind - 1]()
    if kind == 9:
        return normalizers.Strip(left=r.random() < .7, right=r.random() < .7)
    if kind == 10:
        return normalizers.Prepend(r.choice(["▁", "ab", "é ", "x"]))
    if kind in (11, 12):
        return normalizers.Replace(pattern(r), r.choice(["", " ", "▁", "ab", "é😀"]))
    if kind == 13:
        return normalizers.Precompiled(CHARSMAP)
    return normalizers.Sequence([normalizer(r, depth + 1) for _ in range(r.randint(1, 4))])


def pre_tokenizer(r, depth=0):
    kind = r.randint(0, 14 if depth < 2 else 11)
    return [
        lambda: pre.BertPreTokenizer(), lambda: pre.ByteLevel(add_prefix_space=r.random() < .5, use_regex=r.random() < .7, trim_offsets=True), lambda: pre.CharDelimiterSplit(r.choice("|a. ")), lambda: pre.Digits(r.random() < .5),
        lambda: pre.FixedLength(r.randint(1, 6)), lambda: pre.Metaspace(r.choice("▁_"), r.choice(["always", "never", "first"]), r.random() < .7), lambda: pre.Punctuation(r.choice(BEHAVIORS)), lambda: pre.Split(pattern(r), r.choice(BEHAVIORS), r.random() < .3),
        lambda: pre.Split(pattern(r), r.choice(BEHAVIORS), r.random() < .3), lambda: pre.UnicodeScripts(), lambda: pre.Whitespace(), lambda: pre.WhitespaceSplit(),
    ][kind]() if kind < 12 else pre.Sequence([pre_tokenizer(r, depth + 1) for _ in range(r.randint(1, 4))])


def pieces(t, r, corpus):
    """the pieces that the model will see, to build a vocabulary that fits"""
    out = []
    for s in corpus:
        try:
            n = t.normalizer.normalize_str(s) if t.normalizer else s
            out += [p for p, _ in t.pre_tokenizer.pre_tokenize_str(n)] if t.pre_tokenizer else [n]
        except BaseException as e:
            if isinstance(e, KeyboardInterrupt):
                raise
    return [p for p in out if p]


def model(r, words):
    kind = r.choice(["BPE", "BPE", "Unigram", "WordPiece", "WordLevel"])
    chars = sorted({c for w in words for c in w} | {"a"})
    known = [c for c in chars if r.random() < 0.93]
    parts = {}
    for w in words:
        for _ in range(3):
            i = r.randint(0, len(w) - 1)
            j = min(len(w), i + r.randint(1, 5))
            parts[w[i:j]] = True
    parts = r.sample(sorted(parts), min(len(parts), 150))
    if kind == "WordLevel":
        vocab = ["<unk>"] + r.sample(sorted(set(words)), min(len(set(words)), 120))
        return {"type": kind, "unk_token": "<unk>", "vocab": {w: i for i, w in enumerate(dict.fromkeys(vocab))}}
    if kind == "WordPiece":
        prefix = r.choice(["##", "", "@"])
        vocab = ["[UNK]"] + known + [prefix + c for c in known] + parts + [prefix + p for p in parts]
        return {"type": kind, "unk_token": "[UNK]", "continuing_subword_prefix": prefix, "max_input_chars_per_word": r.choice([100, 7, 1]), "vocab": {w: i for i, w in enumerate(dict.fromkeys(vocab))}}
    bytes_ = [f"<0x{i:02X}>" for i in range(256)] if r.random() < 0.4 else []
    if kind == "Unigram":
        vocab = list(dict.fromkeys(["<unk>"] + bytes_ + known + parts))
        return {"type": kind, "unk_id": r.choice([0, 0, 0, None, 1]), "byte_fallback": bool(bytes_) and r.random() < .7, "vocab": [[w, round(-r.random() * 12, 3)] for w in vocab]}
    prefix, suffix = r.choice([None, None, None, "##"]), r.choice([None, None, None, "</w>"])
    p, s = prefix or "", suffix or ""
    vocab = dict.fromkeys(["<unk>"] + bytes_ + known + [p + c for c in known] + [c + s for c in known] + [p + c + s for c in known])
    merges = []
    symbols = [v for v in vocab if v not in bytes_ and v != "<unk>"]
    for _ in range(r.randint(0, 200)):
        a, b = r.choice(symbols), r.choice(symbols)
        if p and (not b.startswith(p)):
            continue
        if s and a.endswith(s):
            continue
        m = a + b[len(p):]
        if len(m) > 12 or (a, b) in merges:
            continue
        vocab[m] = None
        symbols.append(m)
        merges.append((a, b))
    return {"type": kind, "dropout": None, "unk_token": r.choice([None, "<unk>", "<unk>"]), "continuing_subword_prefix": prefix, "end_of_word_suffix": suffix, "fuse_unk": r.random() < .5, "byte_fallback": bool(bytes_) and r.random() < .7, "ignore_merges": r.random() < .3,
            "vocab": {w: i for i, w in enumerate(vocab)}, "merges": [list(m) for m in merges]}


def added(r, vocab_size, normalizer_):
    def vanishes(word):
        try:
            return normalizer_ is not None and not normalizer_.normalize_str(word)
        except BaseException as e:
            if isinstance(e, KeyboardInterrupt):
                raise
            return True

    out, seen = [], set()
    for _ in range(r.choice([0, 0, 2, 5])):
        w = r.choice(["<s>", "</s>", "[MASK]", "ab", "the", "Hello", "é", " ", "naïve", "12", "世", "HELLO", "\n", "ab c"])
        if w not in seen:
            seen.add(w)
            out.append({"id": vocab_size + len(out), "content": w, "single_word": r.random() < .3, "lstrip": r.random() < .3, "rstrip": r.random() < .3, "normalized": r.random() < .4 and not vanishes(w), "special": r.random() < .5})
    return out


def post_processor(r, depth=0):
    kind = r.randint(0, 6)
    if kind == 0:
        return processors.BertProcessing(("[SEP]", 1), ("[CLS]", 2))
    if kind == 1:
        return processors.RobertaProcessing(("</s>", 1), ("<s>", 2), trim_offsets=r.random() < .5, add_prefix_space=r.random() < .5)
    if kind == 2:
        return processors.ByteLevel(trim_offsets=r.random() < .7)
    if kind == 3:
        return processors.TemplateProcessing(single="<s> $A:2 </s>:1", pair="$A <s>:1 $B:3", special_tokens=[("<s>", 1), ("</s>", 2)])
    if kind == 4 and depth == 0:
        return processors.Sequence([processors.ByteLevel(trim_offsets=True), post_processor(r, 1) or processors.ByteLevel(trim_offsets=False)])
    return None


def decoder(r, depth=0):
    kind = r.randint(0, 12)
    table = [lambda: decoders.BPEDecoder(r.choice(["</w>", "a"])), lambda: decoders.ByteFallback(), lambda: decoders.ByteLevel(), lambda: decoders.CTC(r.choice(["<pad>", "a"]), r.choice(["|", " "]), r.random() < .5), lambda: decoders.Fuse(),
             lambda: decoders.Metaspace(r.choice("▁_"), r.choice(["always", "never", "first"])), lambda: decoders.Replace(pattern(r), r.choice(["", " ", "xy"])), lambda: decoders.WordPiece(r.choice(["##", "@"]), r.random() < .5)]
    if kind < len(table):
        return table[kind]()
    if kind == 8:
        return decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    if kind <= 10 and depth < 2:
        return decoders.Sequence([decoder(r, depth + 1) or decoders.Fuse() for _ in range(r.randint(1, 3))])
    return None


def build(r, corpus):
    t = Tokenizer(models.WordLevel({"a": 0}, unk_token="a"))
    if r.random() < .75:
        t.normalizer = normalizer(r)
    if r.random() < .85:
        t.pre_tokenizer = pre_tokenizer(r)
    words = pieces(t, r, corpus) or ["a"]
    d = decoder(r)
    if d is not None:
        t.decoder = d
    p = post_processor(r)
    if p is not None:
        t.post_processor = p
    j = json.loads(t.to_str())
    j["model"] = model(r, words)
    j["added_tokens"] = added(r, len(j["model"]["vocab"]), t.normalizer)
    if r.random() < .3:
        j["truncation"] = {"direction": r.choice(["Left", "Right"]), "max_length": r.choice([4, 7, 12]), "strategy": r.choice(["LongestFirst", "OnlyFirst", "OnlySecond"]), "stride": r.choice([0, 0, 1, 2])}
    if r.random() < .3:
        j["padding"] = {"strategy": r.choice(["BatchLongest", {"Fixed": 9}, {"Fixed": 30}]), "direction": r.choice(["Left", "Right"]), "pad_to_multiple_of": r.choice([None, 4, 7]), "pad_id": r.choice([0, 3]), "pad_type_id": r.choice([0, 2]), "pad_token": "[PAD]"}
    return json.dumps(j, ensure_ascii=False)


def requests(r, t, texts):
    out = []
    for s in texts:
        out.append(({"text": s, "add_special_tokens": False}, lambda s=s: encoding(t.encode(s, add_special_tokens=False))))
    for s in texts[:3]:
        o = r.choice(texts)
        out.append(({"text": s}, lambda s=s: encoding(t.encode(s))))
        out.append(({"text": s, "pair": o}, lambda s=s, o=o: encoding(t.encode(s, o))))
    n = t.get_vocab_size()
    for k in range(6):
        ids = [r.randrange(n + 3) for _ in range(r.randint(1, 10))]
        if k >= 4:
            try:
                ids = t.encode(r.choice(texts)).ids or ids
            except BaseException as e:
                if isinstance(e, KeyboardInterrupt):
                    raise
        skip = r.random() < .5
        out.append(({"ids": ids, "skip_special_tokens": skip}, lambda ids=ids, skip=skip: {"text": t.decode(ids, skip_special_tokens=skip)}))

        def stream(ids=ids, skip=skip):
            d = DecodeStream(skip_special_tokens=skip)
            return {"pieces": [d.step(t, i) for i in ids]}
        out.append(({"ids": ids, "skip_special_tokens": skip, "stream": True}, stream))
    return out


def within(got, want, size, pair_size):
    """what to compare: without the offsets that leave the text in the library's answer"""
    if "offsets" not in want or len(got.get("offsets", [])) != len(want["offsets"]):
        return got, want
    # Padding is of no text; the library says so only where a post-processor ran.
    want = {**want, "sequence_ids": [s if w is not None else g for s, g, w in zip(want["sequence_ids"], got["sequence_ids"], want["word_ids"])]}
    limits = [(pair_size if sequence == 1 else size) for sequence in got["sequence_ids"]]
    fine = [end <= limit for (_, end), limit in zip(want["offsets"], limits)]

    def only(answer):
        return {**answer, "offsets": [o for o, f in zip(answer["offsets"], fine) if f]}

    got, want = only(got), only(want)
    if "overflowing" in want and len(got.get("overflowing", [])) == len(want["overflowing"]):
        both = [within(g, w, size, pair_size) for g, w in zip(got["overflowing"], want["overflowing"])]

        # The library forgets which text a part of a pair's overflow is from, unless a post-processor sets it.
        def parts(answers):
            return [{k: v for k, v in a.items() if k != "sequence_ids"} for a in answers]

        got, want = {**got, "overflowing": parts(g for g, _ in both)}, {**want, "overflowing": parts(w for _, w in both)}
    return got, want


def difference(want, got, path=""):
    """where two answers differ first, as text"""
    if type(want) is type(got) and isinstance(want, list) and len(want) == len(got):
        return next(d for d in (difference(w, g, f"{path}[{i}]") for i, (w, g) in enumerate(zip(want, got))) if d) if want != got else ""
    if isinstance(want, dict) and isinstance(got, dict) and want.keys() == got.keys():
        return next(d for d in (difference(want[k], got[k], f"{path}.{k}") for k in want) if d) if want != got else ""
    return "" if want == got else f"{path}: want {want!r}\n  {' ' * len(path)}   got {got!r}"


def encoding(e):
    answer = one_encoding(e)
    if e.overflowing:
        answer["overflowing"] = [encoding(o) for o in e.overflowing]
    return answer


def one_encoding(e):
    return {"word_ids": e.word_ids, "sequence_ids": e.sequence_ids, "ids": e.ids, "tokens": e.tokens, "offsets": [list(o) for o in e.offsets], "type_ids": e.type_ids, "attention_mask": e.attention_mask, "special_tokens_mask": e.special_tokens_mask}


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--tokenizers", type=int, default=60)
    a.add_argument("--texts", type=int, default=20)
    a.add_argument("--sconce", required=True, help="the command that runs sconce")
    a.add_argument("--keep", default="", help="write the tokenizer.json of every failing round to this folder")
    a = a.parse_args()
    global CHARSMAP
    CHARSMAP = charsmap()
    cases = failures = refused = 0
    for round_ in range(a.tokenizers):
        r = random.Random(a.seed * 100003 + round_)
        texts = [text(r) for _ in range(a.texts)]
        try:
            source = build(r, texts)
            t = Tokenizer.from_str(source)
        except BaseException as e:
            if isinstance(e, KeyboardInterrupt):
                raise
            refused += 1
            continue
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False, encoding="utf-8") as f:
            f.write(source)
        todo = requests(r, t, texts)
        run = subprocess.run(shlex.split(a.sconce) + ["tokenize", f.name, "--json-lines"], input="\n".join(json.dumps(q) for q, _ in todo) + "\n", capture_output=True, encoding="utf-8")
        answers = run.stdout.split("\n")[:-1]
        bad = 0
        if len(answers) != len(todo):
            bad += 1
            print(f"round {round_}: {len(answers)} answers to {len(todo)} requests: {run.stdout[-200:]} {run.stderr[-600:]}")
        for (query, ask), line in zip(todo, answers):
            cases += 1
            try:
                want = ask()
            except BaseException as e:
                if isinstance(e, KeyboardInterrupt):
                    raise
                refused += 1
                continue
            got, want = within(json.loads(line), want, len(query.get("text", "")), len(query.get("pair") or ""))
            if got != want:
                bad += 1
                if bad <= 2:
                    print(f"round {round_}: {json.dumps(query, ensure_ascii=False)}\n  {difference(want, got)}")
        if bad:
            failures += bad
            j = json.loads(source)
            j["model"] = {k: v for k, v in j["model"].items() if k not in ("vocab", "merges")}
            print("  with", json.dumps(j, ensure_ascii=False)[:900])
            if a.keep:
                os.makedirs(a.keep, exist_ok=True)
                os.replace(f.name, f"{a.keep}/round{round_}.json")
        if os.path.exists(f.name):
            os.unlink(f.name)
    print(f"{cases} cases, {failures} differences, {refused} refused by tokenizers {tokenizers.__version__}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
