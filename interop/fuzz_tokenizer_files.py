"""Compares sconce's tokenizers from other files than tokenizer.json with their own libraries, on random models and texts.

    python fuzz_tokenizer_files.py [--seed N] [--rounds N] [--only KIND] --sconce "java -cp … dev.sconce.cli.Main"

Each round makes a file of every kind: a SentencePiece model (unigram or BPE, with random options of the trainer) against sentencepiece,
a tiktoken rank file and a tekken.json against tiktoken, Marian's pair of models against transformers, a llama2.c tokenizer against
ExecuTorch's. Prints every difference; the exit code is 1 if there is one.
"""
import argparse, base64, io, json, os, random, shlex, struct, subprocess, sys, tempfile, warnings

warnings.filterwarnings("ignore")
os.environ["HF_HUB_OFFLINE"] = "1"
import sentencepiece as spm
import tiktoken
from fuzz_tokenizers import text
from tokenizers import Regex, Tokenizer, models, pre_tokenizers as pre, trainers

PATTERNS = [
    r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"\w+|[^\w\s]+|\s+",
    r"\p{L}+|\p{N}|[^\p{L}\p{N}]",
]


def corpus(r):
    return [text(r) for _ in range(300)]


def trained(r, lines, kind=None):
    """a SentencePiece model with random options"""
    out = io.BytesIO()
    kind = kind or r.choice(["unigram", "bpe", "bpe"])
    options = dict(
        model_type=kind, vocab_size=r.choice([1100, 1300, 1800]), character_coverage=r.choice([0.98, 0.9995, 1.0]), byte_fallback=r.random() < .6, normalization_rule_name=r.choice(["identity", "nmt_nfkc", "nfkc", "nmt_nfkc_cf"]),
        add_dummy_prefix=r.random() < .7, remove_extra_whitespaces=r.random() < .5, split_digits=r.random() < .4, treat_whitespace_as_suffix=r.random() < .2, split_by_whitespace=r.random() < .8, split_by_unicode_script=r.random() < .7,
        allow_whitespace_only_pieces=r.random() < .4, hard_vocab_limit=False, minloglevel=2, num_threads=1,
        user_defined_symbols=r.sample(["<sep>", "[MASK]", "ab", "世界", "  ", "é", "don't", "▁x", "12"], r.randint(0, 4)), control_symbols=r.sample(["<ctl>", "<pad2>"], r.randint(0, 2)),
    )
    spm.SentencePieceTrainer.train(sentence_iterator=iter(line for line in lines if "\0" not in line), model_writer=out, **options)
    return out.getvalue(), options


def sentencepiece_case(r, folder):
    blob, options = trained(r, corpus(r))
    path = f"{folder}/tokenizer.model"
    with open(path, "wb") as f:
        f.write(blob)
    p = spm.SentencePieceProcessor(model_proto=blob)
    n = p.get_piece_size()
    return path, options, lambda s: p.encode(s), lambda ids: p.decode(ids), n, 0


def ranks(r, pattern):
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre.Sequence([pre.Split(Regex(pattern), "isolated"), pre.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.train_from_iterator(corpus(r), trainers.BpeTrainer(vocab_size=r.choice([300, 500, 900]), initial_alphabet=pre.ByteLevel.alphabet(), show_progress=False))
    visible = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    back = {chr(b): b for b in visible} | {chr(256 + i): b for i, b in enumerate(b for b in range(256) if b not in visible)}
    # The ranks of single bytes may come in any order, and merged tokens may be missing.
    tokens = [bytes([b]) for b in r.sample(range(256), 256)]
    for a, b in json.loads(t.to_str())["model"]["merges"]:
        token = bytes(back[c] for c in a + b)
        if token not in tokens and r.random() < .95:
            tokens.append(token)
    return tokens


def tiktoken_case(r, folder):
    pattern = r.choice(PATTERNS)
    tokens = ranks(r, pattern)
    path = f"{folder}/tokenizer.model"
    with open(path, "w") as f:
        for i, token in enumerate(tokens):
            f.write(f"{base64.b64encode(token).decode()} {i}\n")
    special = {s: len(tokens) + i for i, s in enumerate(["<|end|>", "<|start|>"])}
    with open(f"{folder}/tiktoken_config.json", "w") as f:
        json.dump({"pattern": pattern, "special_tokens": special}, f)
    e = tiktoken.Encoding("t", pat_str=pattern, mergeable_ranks={b: i for i, b in enumerate(tokens)}, special_tokens=special)
    return path, pattern, lambda s: e.encode(s, allowed_special="all"), e.decode, len(tokens), 0


def tekken_case(r, folder):
    pattern, reserve, unused = r.choice(PATTERNS[:3]), r.choice([5, 20]), r.choice([0, 40])
    tokens = ranks(r, pattern)
    used = tokens[: len(tokens) - unused] if len(tokens) - unused >= 256 else tokens
    path = f"{folder}/tekken.json"
    with open(path, "w") as f:
        vocabulary = [{"rank": i, "token_bytes": base64.b64encode(b).decode(), "token_str": b.decode("utf-8", "ignore") or None} for i, b in enumerate(tokens)]
        special = [{"rank": i, "token_str": s, "is_control": True} for i, s in enumerate(["<unk>", "<s>", "</s>"] + [f"<SPECIAL_{i}>" for i in range(3, reserve)])]
        json.dump({"config": {"pattern": pattern, "num_vocab_tokens": len(tokens), "default_vocab_size": len(used) + reserve, "default_num_special_tokens": reserve, "version": "v3"}, "vocab": vocabulary, "special_tokens": special}, f)
    e = tiktoken.Encoding("t", pat_str=pattern, mergeable_ranks={b: i for i, b in enumerate(used)}, special_tokens={})
    return path, pattern, lambda s: [i + reserve for i in e.encode(s, disallowed_special=())], lambda ids: e.decode([i - reserve for i in ids]), len(used) + reserve, reserve


def marian_case(r, folder):
    from sentencepiece import sentencepiece_model_pb2 as pb
    from transformers import MarianTokenizer

    vocabulary, options = {"</s>": 0, "<unk>": 1}, []
    for side in ("source", "target"):
        blob, o = trained(r, corpus(r), "unigram")
        options.append(o)
        with open(f"{folder}/{side}.spm", "wb") as f:
            f.write(blob)
        model = pb.ModelProto()
        model.ParseFromString(blob)
        for piece in model.pieces:
            if r.random() < .95:
                vocabulary.setdefault(piece.piece, len(vocabulary))
    vocabulary[">>fra<<"] = len(vocabulary)
    vocabulary["<pad>"] = len(vocabulary)
    with open(f"{folder}/vocab.json", "w") as f:
        json.dump(vocabulary, f, ensure_ascii=False)
    with open(f"{folder}/tokenizer_config.json", "w") as f:
        json.dump({"source_lang": "eng", "target_lang": "fra", "unk_token": "<unk>", "eos_token": "</s>", "pad_token": "<pad>", "separate_vocabs": False, "tokenizer_class": "MarianTokenizer"}, f)
    t = MarianTokenizer.from_pretrained(folder)
    return folder, options, lambda s: t(s)["input_ids"], lambda ids: t.decode(ids, skip_special_tokens=False), len(vocabulary), 0


def llama2c_case(r, folder):
    from pytorch_tokenizers.pytorch_tokenizers_cpp import Llama2cTokenizer

    lines = corpus(r)
    words = [" " + w for line in lines for w in line.replace("\0", "").split() if w]
    pieces = {}
    for _ in range(400):
        w = r.choice(words)
        i = r.randrange(len(w))
        pieces[w[i:i + r.randint(2, 5)]] = True
    tokens = ["<unk>", "\n<s>\n", "\n</s>\n"] + [f"<0x{b:02X}>" for b in range(256)] + sorted({c for w in words for c in w if r.random() < .95})
    tokens += [p for p in pieces if p not in tokens and len(p) > 1]
    encoded = [t.encode() for t in tokens]
    path = f"{folder}/tokenizer.bin"
    with open(path, "wb") as f:
        f.write(struct.pack("<iiii", len(tokens), 1, 2, max(map(len, encoded))))
        for i, t in enumerate(encoded):
            f.write(struct.pack("<fi", -float(r.randint(0, 300)) if i > 258 else 0.0, len(t)) + t)
    t = Llama2cTokenizer()
    t.load(path)

    def decode(ids):
        """piece by piece, as ExecuTorch's runners do"""
        out, previous = "", 1
        for i in ids:
            out += t.decode(previous, i)
            previous = i
        return out

    return path, "", lambda s: list(t.encode(s, 0, 0)), None, len(tokens), 3


KINDS = {"sentencepiece": sentencepiece_case, "tiktoken": tiktoken_case, "tekken": tekken_case, "marian": marian_case, "llama2c": llama2c_case}


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--rounds", type=int, default=6)
    a.add_argument("--texts", type=int, default=60)
    a.add_argument("--only", default="")
    a.add_argument("--sconce", required=True, help="the command that runs sconce")
    a = a.parse_args()
    cases = failures = refused = 0
    for round_ in range(a.rounds):
        for kind, make in KINDS.items():
            if a.only and a.only != kind:
                continue
            r = random.Random(f"{a.seed} {round_} {kind}")
            with tempfile.TemporaryDirectory() as folder:
                path, options, encode, decode, size, first = make(r, folder)
                todo = []
                for _ in range(a.texts):
                    s = text(r).replace("\0", "")
                    todo.append(({"text": s, "add_special_tokens": kind == "marian"}, "ids", lambda s=s: encode(s)))
                for _ in range(a.texts // 2 if decode else 0):
                    ids = [r.randrange(first, size) for _ in range(r.randint(0, 10))] if r.random() < .5 else encode(text(r).replace("\0", ""))
                    todo.append(({"ids": ids, "skip_special_tokens": False}, "text", lambda ids=ids: decode(ids)))
                run = subprocess.run(shlex.split(a.sconce) + ["tokenize", path, "--json-lines"], input="\n".join(json.dumps(q) for q, _, _ in todo) + "\n", capture_output=True, encoding="utf-8")
                answers = run.stdout.split("\n")[:-1]
                if len(answers) != len(todo):
                    failures += 1
                    print(f"{kind} {round_}: {len(answers)} answers to {len(todo)} requests {options}: {run.stderr[-600:]}")
                    continue
                shown = 0
                for (query, key, ask), line in zip(todo, answers):
                    cases += 1
                    try:
                        want = ask()
                    except Exception:
                        refused += 1
                        continue
                    got = json.loads(line)
                    if got.get(key) != want:
                        failures += 1
                        shown += 1
                        if shown <= 2:
                            print(f"{kind} {round_}: {json.dumps(query, ensure_ascii=False)} {options}\n  want {want!r}\n   got {got.get(key, got)!r}")
    print(f"{cases} cases, {failures} differences, {refused} refused by the libraries")
    return 1 if failures or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
