"""Sampling inside exported models: a seed gives the same tokens in the official runtime, in Sconce's, and by host code.

Random models (decoders full and sliding, encoder-decoders) and the trained ones of the demo; random filters alone and together, prompts
padded or not, in one call and streamed, and a second turn at a later position. Two runtimes add in different orders, so scores differ in
their last bits, and a draw may fall between. A difference is taken for that only if the official runtime itself draws another token there
at a temperature that is off by a hundred-thousandth; how many there are is told, and more than one in a thousand tokens is a failure.

Each model is exported in one of three ways; with SCONCE_CASES, how many generations each program makes, in all. SCONCE_SEED is the seed.
"""
import json
import os
import random
import subprocess

import torch
from embedded import Generate, Ours, vector
from generation_settings import SAMPLING
from support import SCONCE, folder, note, sconce
from transformers import (AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, Gemma2Config, GenerationConfig, LlamaConfig, MarianConfig,
                          T5Config)
from transformers.utils import logging

logging.set_verbosity_error()
SEED = int(os.environ.get("SCONCE_SEED", "17"))
CASES = int(os.environ.get("SCONCE_CASES", "6"))
WAYS = (("xnnpack", 3), ("portable", 3), ("xnnpack", 1))
DEMO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "demo")
CONTEXT, PAD, END = 64, 0, 2
NARROW = (1e-6, 3e-6, 1e-5)

DECODER = dict(hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=CONTEXT,
               pad_token_id=PAD, eos_token_id=END, bos_token_id=1)
BART = dict(d_model=24, encoder_layers=1, decoder_layers=2, encoder_attention_heads=2, decoder_attention_heads=3, encoder_ffn_dim=32, decoder_ffn_dim=40,
            max_position_embeddings=CONTEXT, pad_token_id=PAD, eos_token_id=END, decoder_start_token_id=3, forced_eos_token_id=None)
MODELS = {
    "llama": (LlamaConfig(vocab_size=3001, **DECODER), 1.0),
    "llama of few tokens": (LlamaConfig(vocab_size=97, **DECODER), 1.0),
    "gemma2, window of 8": (Gemma2Config(vocab_size=1300, head_dim=8, sliding_window=8, query_pre_attn_scalar=8, **DECODER), 0.6),
    "t5": (T5Config(vocab_size=1203, d_model=24, d_kv=7, d_ff=40, num_layers=1, num_decoder_layers=2, num_heads=3, pad_token_id=PAD, eos_token_id=END,
                    decoder_start_token_id=3, tie_word_embeddings=False), 1.0),
    "marian": (MarianConfig(vocab_size=701, activation_function="swish", scale_embedding=True, **BART), 0.35),
}


def checkpoints():
    """Yields name, folder, what the vocabulary has."""
    for name, (config, scale) in MODELS.items():
        generator, where = torch.Generator().manual_seed(SEED), folder()
        model = (AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM).from_config(config)
        with torch.no_grad():
            for key, parameter in model.named_parameters():
                if "norm" not in key and parameter.requires_grad:
                    parameter.copy_(0.4 * scale * torch.randn(parameter.shape, generator=generator))
        model.generation_config = GenerationConfig(pad_token_id=PAD, eos_token_id=END)
        model.save_pretrained(where)
        yield name, where
    for name in ("storyteller", "translator"):
        yield name, os.path.join(DEMO, name)


class Case:
    """A random request: prompts, settings, a seed, and a second turn."""

    def __init__(self, rng, config, batch):
        vocabulary, self.seq2seq = config.vocab_size, config.is_encoder_decoder
        rows = rng.choice([1, batch])
        lengths = [rng.randint(1, 14) for _ in range(rows)]
        width = max(lengths) + rng.choice([0, 0, 3])
        rows = [[rng.randrange(3, vocabulary) for _ in range(n)] for n in lengths]
        self.ids = [row + [PAD] * (width - len(row)) if self.seq2seq else [PAD] * (width - len(row)) + row for row in rows]
        self.mask = [[1] * len(row) + [0] * (width - len(row)) if self.seq2seq else [0] * (width - len(row)) + [1] * len(row) for row in rows]
        self.start = config.decoder_start_token_id if self.seq2seq else None
        self.steps, self.piece, self.seed = rng.randint(4, 16), rng.choice([1, 1, 3]), rng.randrange(-(2**40), 2**40)
        self.settings = {"do_sample": True, "top_k": 0}
        names = [name for name in SAMPLING if rng.random() < 0.3] if rng.random() < 0.6 else [rng.choice(list(SAMPLING))]
        self.settings.update({name: SAMPLING[name](rng, vocabulary) for name in names})
        if rng.random() < 0.3:
            self.settings.update(repetition_penalty=1.3, no_repeat_ngram_size=2)
        self.end = rng.choice([[END], [END], [], [rng.randrange(vocabulary) for _ in range(5)]])
        self.turn = [[rng.randrange(3, vocabulary) for _ in range(rng.randint(1, 1 + self.steps // 4))]] * len(rows)

    @property
    def target(self):
        return [[self.start]] * len(self.ids) if self.seq2seq else None

    def numbers(self, change=0.0):
        temperature = self.settings.get("temperature", 1.0) * (1 + change)
        return vector({**self.settings, "temperature": temperature})

    def inputs(self):
        return {"settings": self.numbers(), "end": self.end, "seed": self.seed}

    def __str__(self):
        return "%s, ids %s, mask %s, steps %d, seed %d, end %s" % (self.settings, self.ids, self.mask, self.steps, self.seed, self.end)


def first_difference(a, b):
    """The column of the first difference of rows, by which they agree before; None without."""
    for column in range(max(len(a[0]), len(b[0]))):
        for row, (x, y) in enumerate(zip(a, b)):
            if x[column : column + 1] != y[column : column + 1]:
                return row, column
    return None


def hangs_on_rounding(generate, case, row, column):
    """Whether the official runtime draws otherwise there at almost the same temperature."""
    want = generate.call(case.ids, case.mask, 0, case.steps, target=case.target, **case.inputs())[0]
    for width in NARROW:
        for sign in (1, -1):
            # Settings are float32: the least step there is 6e-8.
            made = generate.call(case.ids, case.mask, 0, case.steps, target=case.target, **{**case.inputs(), "settings": case.numbers(sign * width)})[0]
            different = first_difference(made, want)
            if different is not None and different[1] <= column:
                return True
    return False


def second_turn(generate, case, first):
    """What follows when new tokens come after the first turn."""
    tokens, _, _, position = first
    if case.seq2seq:
        target, ids, mask = [[row[-1], *turn] for row, turn in zip(tokens, case.turn)], [[0]], [[0]]
    else:
        target, ids = None, [[row[-1], *turn] for row, turn in zip(tokens, case.turn)]
        mask = [[1] * len(row) for row in ids]
    return generate.call(ids, mask, position, case.steps, target=target, **case.inputs())


class Host:
    """Host code over the same program, by the command."""

    def __init__(self, path):
        self.process = subprocess.Popen([SCONCE, "generate", path, "--json-lines"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tokens(self, case):
        narrow = {name: torch.tensor(value, dtype=torch.float32).item() if isinstance(value, float) else value for name, value in case.settings.items()}
        config = {**narrow, "seed": case.seed, "max_new_tokens": case.steps, "eos_token_id": case.end or None, "pad_token_id": PAD}
        request = {"input_ids": case.ids, "attention_mask": case.mask, "config": config, "defaults": False, "embedded": False}
        if case.seq2seq:
            request["decoder_input_ids"] = case.target
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert "error" not in answer, (answer, str(case))
        return answer["tokens"]

    def close(self):
        self.process.stdin.close()
        assert self.process.wait() == 0


def compare(name, path, config, batch, rng, ours, counts):
    host, generate = Host(path), Generate(path)
    mine = Generate(ours.method(path))
    for number in range(CASES):
        case = Case(rng, config, batch)
        first = generate.call(case.ids, case.mask, 0, case.steps, target=case.target, **case.inputs())
        theirs = first[0]
        follows = second_turn(generate, case, first)
        piecewise, _ = generate.streamed(case.ids, case.mask, case.steps, case.piece, target=case.target, **case.inputs())
        # The same runtime adds in the same order: no excuse.
        assert piecewise == theirs, ("streamed", name, str(case), theirs, piecewise)
        own = mine.call(case.ids, case.mask, 0, case.steps, target=case.target, **case.inputs())
        by_host = [row + [PAD] * (len(theirs[0]) - len(row)) for row in host.tokens(case)]
        counts["tokens"] += sum(map(len, theirs))
        counts["generations"] += 1
        for who, tokens in (("Sconce's runtime", own[0]), ("host code", by_host)):
            different = first_difference(theirs, tokens)
            if different is None:
                continue
            assert hangs_on_rounding(generate, case, *different), (who, name, number, str(case), theirs, tokens)
            counts["rounding of " + who] += 1
            print("rounding:", who, name, number, different, str(case), flush=True)
        if first_difference(theirs, own[0]) is None:
            own_follows = second_turn(mine, case, own)
            assert own[3] == first[3] and own_follows[3] == follows[3], (name, str(case))
            counts["turns"] += 1
            if follows[0] != own_follows[0]:
                counts["rounding of turns"] += 1
                print("second turn differs:", name, number, str(case), case.turn, follows, own_follows, flush=True)
            worst = max((abs(a - b) for x, y in zip(first[2], own[2]) for a, b in zip(x, y)), default=0)
            counts["worst score"] = max(counts["worst score"], worst)
    host.close()
    mine.method.close()


def run():
    ours, rng = Ours(), random.Random(SEED)
    keys = ("generations", "tokens", "turns", "rounding of Sconce's runtime", "rounding of host code", "rounding of turns", "worst score")
    counts = dict.fromkeys(keys, 0)
    for number, (name, where) in enumerate(checkpoints()):
        config = AutoConfig.from_pretrained(where)
        for recipe, batch in WAYS if "SCONCE_CASES" in os.environ else [WAYS[number % len(WAYS)]]:
            path = os.path.join(folder(), "model.pte")
            baked = os.path.join(folder(), "generation_config.json")
            with open(baked, "w") as file:
                json.dump({"pad_token_id": PAD, "eos_token_id": END}, file)
            more = ["--max-hidden-seq-len", CONTEXT] if config.is_encoder_decoder else []
            sconce("export", where, "-o", path, "--recipe", recipe, "--max_seq_len", CONTEXT, "--batch", batch, "--generation-config", baked,
                   "--no-self-tests", "--no-check", *more)
            compare(name, path, config, batch, rng, ours, counts)
            print(name, recipe, batch, counts, flush=True)
    rounded = sum(count for key, count in counts.items() if key.startswith("rounding"))
    assert rounded <= max(1, counts["tokens"] // 1000), (counts, SEED)
    note("%(generations)d generations of %(tokens)d tokens and %(turns)d second turns" % counts)
    note("differences that hang on rounding: %d, of that in second turns %d; scores differ by %.1e at most"
         % (rounded, counts["rounding of turns"], counts["worst score"]))


run()
