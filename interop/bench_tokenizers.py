"""Speed of sconce's tokenizers against the `tokenizers` library, one thread each, in one run on one machine.

    python bench_tokenizers.py [--work DIR] [--only PART] [--rounds N]

The Java side is the JMH benchmarks TokenizerEncode and TokenizerLoad (benchmarks/run says how to build them); the library is measured
before and after them, so that a machine that changes its mind shows.

Makes a byte-level BPE of 32,000 tokens (GPT-2's and Llama 3's pattern), a Unigram of 16,000 and a WordPiece of 16,000 from text that
ships with Python, encodes 1 MB of English and 1 MB of mixed scripts (text in; ids, strings and offsets out), loads a tokenizer.json of
10 MB, and tries texts that make bad algorithms quadratic. Prints the median time of both sides with the smallest and largest, and the
ratio of the medians: above 1 sconce is faster.
"""
import argparse, json, os, random, re, statistics, subprocess, sys, time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers as pre, trainers

LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
SCRIPTS = [(0x61, 0x7A), (0xE0, 0xFF), (0x3B1, 0x3C9), (0x430, 0x44F), (0x5D0, 0x5EA), (0x627, 0x64A), (0x905, 0x939), (0xE01, 0xE2E), (0x4E00, 0x4FFF), (0x3041, 0x3093), (0xAC00, 0xAE00), (0x1F600, 0x1F640)]


def english(size):
    """running text: the help topics and docstrings of the standard library"""
    import importlib
    import pydoc_data.topics as topics
    parts = [topics.topics[k] for k in sorted(topics.topics)]
    for name in sorted(sys.stdlib_module_names):
        if name in ("antigravity", "this", "idlelib") or name.startswith("_"):
            continue
        try:
            m = importlib.import_module(name)
        except BaseException:
            continue
        for k in sorted(vars(m)):
            d = getattr(vars(m)[k], "__doc__", None)
            if isinstance(d, str) and vars(m)[k].__class__.__name__ in ("type", "function"):
                parts.append(d)
    text = "\n".join(dict.fromkeys(parts))
    while len(text) < size:
        text += text
    return text[:size]


def mixed(size):
    r = random.Random(5)
    lexicon = ["".join(chr(r.randint(*s)) for _ in range(r.randint(2, 8))) for s in SCRIPTS for _ in range(1500)]
    out, n = [], 0
    while n < size:
        w = r.choice(lexicon) if r.random() < .8 else str(r.randint(0, 99999))
        out.append(w + r.choice([" ", " ", " ", ", ", "\n", "। ", ""]))
        n += len(out[-1].encode())
    return "".join(out)


def make(work):
    lines = (english(3_000_000) + mixed(1_000_000)).split("\n")
    byte_level = pre.ByteLevel(add_prefix_space=False)
    llama3 = pre.Sequence([pre.Split(Regex(LLAMA3), "isolated"), pre.ByteLevel(add_prefix_space=False, use_regex=False)])
    designs = {}
    for name, p in dict(bpe_gpt2=byte_level, bpe_llama3=llama3).items():
        t = Tokenizer(models.BPE(ignore_merges=name == "bpe_llama3"))
        t.pre_tokenizer, t.decoder = p, decoders.ByteLevel()
        t.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=32000, initial_alphabet=pre.ByteLevel.alphabet(), show_progress=False))
        designs[name] = t
    t = Tokenizer(models.Unigram())
    t.normalizer, t.pre_tokenizer = normalizers.NFKC(), pre.Metaspace()
    t.train_from_iterator(lines, trainers.UnigramTrainer(vocab_size=16000, unk_token="<unk>", special_tokens=["<unk>"], show_progress=False))
    designs["unigram"] = t
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer, t.pre_tokenizer = normalizers.BertNormalizer(), pre.BertPreTokenizer()
    t.train_from_iterator(lines, trainers.WordPieceTrainer(vocab_size=16000, special_tokens=["[UNK]"], show_progress=False))
    designs["wordpiece"] = t
    for name, t in designs.items():
        t.save(f"{work}/{name}.json", pretty=False)
    # 10 MB: the merges and vocabulary of the BPE, and words of its own beyond
    j = json.load(open(f"{work}/bpe_gpt2.json", encoding="utf-8"))
    v, merges, r = j["model"]["vocab"], j["model"]["merges"], random.Random(3)
    names = list(v)
    while len(v) < 230_000:
        a, b = r.choice(names), r.choice(names)
        if a + b not in v and len(a + b) < 16:
            v[a + b] = len(v)
            merges.append([a, b])
    json.dump(j, open(f"{work}/large.json", "w", encoding="utf-8"), ensure_ascii=False, indent=1)
    j = json.load(open(f"{work}/bpe_gpt2.json", encoding="utf-8"))
    j["added_tokens"] = [{"id": len(j["model"]["vocab"]) + i, "content": f"<added_{i}>", "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True} for i in range(100_000)]
    json.dump(j, open(f"{work}/many_added.json", "w", encoding="utf-8"), ensure_ascii=False)
    texts = {"english": english(1_000_000), "mixed": mixed(1_000_000), "one_letter": "a" * 1_000_000, "no_spaces": "".join(mixed(1_000_000).split()), "spaces": " " * 1_000_000, "added": "".join(f"<added_{i * 7919 % 100_000}> x" for i in range(60_000))}
    for name, s in texts.items():
        open(f"{work}/{name}.txt", "w", encoding="utf-8", newline="").write(s)


CASES = [("large", None)] + [(t, s) for t in ("bpe_gpt2", "bpe_llama3", "unigram", "wordpiece") for s in ("english", "mixed")] + [("bpe_gpt2", "one_letter"), ("bpe_gpt2", "no_spaces"), ("bpe_llama3", "spaces"), ("unigram", "one_letter"), ("unigram", "no_spaces"), ("wordpiece", "one_letter"), ("many_added", "added")]


def times(f, rounds, limit=10.0):
    found, start = [], time.perf_counter()
    f()
    for _ in range(rounds):
        t = time.perf_counter()
        f()
        found.append((time.perf_counter() - t) * 1e3)
        if time.perf_counter() - start > limit:
            break
    return found


def theirs(work, cases, rounds):
    found = {}
    for name, text in cases:
        if text is None:
            found[name, text] = times(lambda: Tokenizer.from_file(f"{work}/{name}.json"), rounds)
            continue
        t = Tokenizer.from_file(f"{work}/{name}.json")
        s = open(f"{work}/{text}.txt", encoding="utf-8", newline="").read()

        found[name, text] = times(lambda: t.encode(s, add_special_tokens=False), rounds)
    return found


def ours(work, cases):
    encodes = [f"{n} {t}" for n, t in cases if t is not None]
    loads = [n for n, t in cases if t is None]
    found = {}
    for benchmark, what in (("TokenizerEncode", encodes), ("TokenizerLoad", loads)):
        if not what:
            continue
        result = f"{work}/{benchmark}.json"
        run = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../benchmarks/run")
        subprocess.run([run, f"{benchmark}.", "-p", "what=" + ",".join(what), "-jvmArgsAppend", f"-Dsconce.benchmarks.tokenizers={work}", "-rf", "json", "-rff", result], check=True, stdout=subprocess.DEVNULL)
        for r in json.load(open(result)):
            n, _, t = r["params"]["what"].partition(" ")
            found[n, t or None] = [v for fork in r["primaryMetric"]["rawData"] for v in fork]
    return found


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--work", default="/tmp/bench_tokenizers")
    a.add_argument("--rounds", type=int, default=5, help="of the library, before and after")
    a.add_argument("--only", default="", help="regular expression for names of cases")
    a.add_argument("--make", action="store_true", help="make the files and stop")
    a = a.parse_args()
    os.makedirs(a.work, exist_ok=True)
    if not os.path.exists(f"{a.work}/added.txt"):
        make(a.work)
    if a.make:
        return
    cases = [c for c in CASES if re.search(a.only, f"{c[0]} {c[1] or 'load'}")]
    first, mine, last = theirs(a.work, cases, a.rounds), ours(a.work, cases), theirs(a.work, cases, a.rounds)

    def shown(v):
        return f"{statistics.median(v):8.1f} ({min(v):.1f} to {max(v):.1f})"

    print(f"{'case':24} {'tokenizers, ms':>32} {'sconce, ms':>32} {'ratio':>7}")
    for case in cases:
        both = first[case] + last[case]
        print(f"{case[0] + ' ' + (case[1] or 'load'):24} {shown(both):>32} {shown(mine[case]):>32} {statistics.median(both) / statistics.median(mine[case]):6.2f}x")


if __name__ == "__main__":
    main()
