"""Rules inside programs: transformers, the official runtime, Sconce's, and host code make the same tokens, for random configurations on table models.

Each rule is tried alone and in random company, greedily and with chance, in one call and streamed, for one row and for batches, padded or
not, with scores that are no numbers, and in a second turn that goes on. Where float64 changes what transformers does, rounding decides it,
and only the two runtimes are compared.
"""
import math
import os
import random
import warnings

import numpy as np
import torch
from embedded import Generate, Ours, official, vector
from generation_oracle import Conversation, Undrawable
from support import folder, note
from table_models import Tables, request

SEED = int(os.environ.get("SCONCE_SEED", "3"))
CASES = int(os.environ.get("SCONCE_CASES", "120"))
FIRST = int(os.environ.get("SCONCE_FIRST", "0"))  # the number of the first case
CAPACITY = 48
warnings.simplefilter("ignore")


def word(rng, vocabulary):
    return [rng.randrange(vocabulary) for _ in range(rng.randint(1, 3))]


def tokens(rng, vocabulary):
    return rng.sample(range(vocabulary), rng.randint(1, 3))


# Lists stand in the file; numbers are asked for in the call.
LISTS = {
    "sequence_bias": lambda r, v: [[list(w), r.choice([-10.0, -1.5, 0.25, 3.0])] for w in sorted({tuple(word(r, v)) for _ in range(r.randint(1, 12))})],
    "bad_words_ids": lambda r, v: [word(r, v) for _ in range(r.randint(1, 6))],
    "forced_bos_token_id": lambda r, v: r.randrange(v),
    "forced_eos_token_id": tokens,
    "remove_invalid_values": lambda r, v: True,
    "exponential_decay_length_penalty": lambda r, v: [r.randint(0, 5), r.choice([1.01, 1.2, 2.0])],
    "suppress_tokens": tokens,
    "begin_suppress_tokens": tokens,
}
NUMBERS = {
    "encoder_repetition_penalty": lambda r, v: r.choice([0.5, 1.3, 2.0]),
    "repetition_penalty": lambda r, v: r.choice([0.7, 1.1, 1.5, 5.0]),
    "no_repeat_ngram_size": lambda r, v: r.randint(1, 4),
    "encoder_no_repeat_ngram_size": lambda r, v: r.randint(1, 4),
    "min_length": lambda r, v: r.randint(0, 14),
    # Not 0, which transformers puts before a least length, and which is none in the vector.
    "min_new_tokens": lambda r, v: r.randint(1, 6),
    "renormalize_logits": lambda r, v: True,
}
SAMPLING = {
    "temperature": lambda r, v: r.choice([0.1, 0.5, 0.9, 1.7, 3.0]),
    "top_h": lambda r, v: r.choice([0.1, 0.4, 0.8, 0.95]),
    "top_k": lambda r, v: r.choice([0, 1, 2, 5, 1000]),
    "top_p": lambda r, v: r.choice([0.01, 0.3, 0.7, 0.95]),
    "min_p": lambda r, v: r.choice([0.01, 0.1, 0.5, 1.0]),
    "typical_p": lambda r, v: r.choice([0.1, 0.5, 0.9, 0.99]),
    "epsilon_cutoff": lambda r, v: r.choice([1e-4, 0.01, 0.2]),
    "eta_cutoff": lambda r, v: r.choice([1e-4, 0.01, 0.2]),
}


def narrow(value):
    """Numbers reach the program as float32, so the host is given the same."""
    return float(np.float32(value)) if isinstance(value, float) else value


class Case:
    """A random model and a random request to it."""

    def __init__(self, number, where):
        rng = random.Random(SEED * 100003 + number)
        self.number, self.rng = number, rng
        self.vocabulary, self.batch, self.sampling = rng.choice([7, 29, 29, 300, 1500]), rng.choice([1, 1, 3]), rng.random() < 0.6
        self.baked, self.config = self.settings()
        self.off = [name for name in LISTS if name in self.baked and rng.random() < 0.15]  # lists that the call does without
        self.steps, self.piece = rng.randint(1, 12), rng.choice([None, 1, 2, 3])
        self.seed = rng.choice([0, 1, 42, -43, 2**40 + rng.randrange(10**6), rng.randrange(2**31)])
        rows, length = rng.randint(1, self.batch), rng.choice([1, 1, 3, 6, 9])
        few = rng.randint(1, self.vocabulary)  # so that n-grams repeat
        self.ids = [[rng.randrange(few) for _ in range(length)] for _ in range(rows)]
        # In a file for one row padding is cut off, in others it is part of the row.
        self.padding = [rng.choice([0, 0, rng.randrange(length)]) for _ in range(rows)]
        self.mask = [[0] * n + [1] * (length - n) for n in self.padding]
        self.new = [[rng.randrange(few) for _ in range(rng.randint(1, 3))]] * rows
        self.tables = self.scores()
        self.model = request(where, 0, *self.tables, baked=self.baked, capacity=CAPACITY, batch=self.batch, recipe=rng.choice(["portable", "xnnpack"]))

    def settings(self):
        rng, vocabulary = self.rng, self.vocabulary
        baked, config = {"eos_token_id": rng.sample(range(vocabulary), rng.randint(1, 2))}, {}
        if rng.random() < 0.7:
            baked["pad_token_id"] = rng.randrange(vocabulary)
        names = [*LISTS, *NUMBERS] + ([*SAMPLING] * 2 if self.sampling else [])
        chosen = [names[self.number % len(names)]] if rng.random() < 0.5 else [name for name in names if rng.random() < 0.25]
        for name in chosen:
            made = {**LISTS, **NUMBERS, **SAMPLING}[name](rng, vocabulary)
            (baked if name in LISTS else config)[name] = narrow(made)
        if self.sampling:
            config["do_sample"] = True
            if "forced_eos_token_id" in baked:
                baked["forced_eos_token_id"] = baked["forced_eos_token_id"][:1]  # which of equal scores filters keep is left open
            # It makes bans finite: many tokens of equal score.
            baked.pop("remove_invalid_values", None)
        banned = set(baked.get("suppress_tokens", []))
        if baked.get("forced_bos_token_id") in banned or set(baked.get("forced_eos_token_id", [-1])) <= banned:
            del baked["suppress_tokens"]  # a contradiction, which Sconce refuses
        if rng.random() < 0.2 and "exponential_decay_length_penalty" not in baked:
            config["eos_token_id"] = rng.sample(range(vocabulary), rng.randint(0, 3))
        return baked, config

    def scores(self):
        generator = torch.Generator().manual_seed(self.number)
        a, b = (2 * torch.randn(self.vocabulary, self.vocabulary, generator=generator) for _ in range(2))
        if not self.sampling and self.rng.random() < 0.15:
            for _ in range(self.rng.randint(1, self.vocabulary)):
                value = self.rng.choice([math.nan, math.inf, -math.inf])
                a[self.rng.randrange(self.vocabulary), self.rng.randrange(self.vocabulary)] = value
        return a, b

    @property
    def end(self):
        return self.config.get("eos_token_id", self.baked["eos_token_id"])

    def numbers(self, length):
        return vector({**self.config, **dict.fromkeys(self.off, 0), "max_length": length + self.steps})

    def __str__(self):
        return "case %d (seed %d): vocabulary %d, batch %d, baked %s without %s, config %s, ids %s, padding %s, then %s, steps %d, pieces of %s, seed %d" % (
            self.number, SEED, self.vocabulary, self.batch, self.baked, self.off, self.config, self.ids, self.padding, self.new, self.steps, self.piece, self.seed)

    def by_transformers(self, dtype=torch.float32):
        """Returns tokens and log-probabilities of two turns; of the first alone if in the second no token can be drawn, of none if in the first."""
        a, b = self.tables

        def scores(ids):
            found = a[ids[:, -1]].clone()
            for row, padding in enumerate(self.padding):
                if ids.shape[1] > 1 + (padding if self.batch == 1 else 0):
                    found[row] += b[ids[row, -2]]
            return found

        config = {**self.baked, **self.config, "eos_token_id": self.end}
        for name in self.off:
            del config[name]
        conversation = Conversation(scores, self.seed, len(self.ids), dtype)
        turns = []
        try:
            for new in (self.ids, self.new):
                turns.append(conversation.turn(new, config, self.steps))
        except Undrawable:
            pass
        return turns

    def by_program(self, method, pieces):
        """Returns the same of a program (log-probabilities are None if it goes by pieces); its error in place of a turn ends it."""
        generate, length, turns = Generate(method), len(self.ids[0]), []
        rest = {"end": self.config.get("eos_token_id", [-1]), "seed": self.seed}
        settings = self.numbers(length)
        try:
            if pieces is None:
                tokens, finished, logs, position = generate.call(self.ids, self.mask, 0, self.steps, settings=settings, **rest)
            else:
                tokens, finished = generate.streamed(self.ids, self.mask, self.steps, pieces, settings=settings, **rest)
                logs, position = None, length + len(tokens[0]) - 1
            turns.append((tokens, logs))
            assert finished == [1] * len(self.ids), (str(self), finished)
            new = [[row[-1], *more] for row, more in zip(tokens, self.new)]
            settings = self.numbers(length + len(tokens[0]) + len(self.new[0]))
            second = generate.call(new, [[1] * len(row) for row in new], position, self.steps, settings=settings, **rest)
            turns.append((second[0], second[2]))
        except RuntimeError:
            pass
        return turns


def alike(turns, expected):
    """What is wrong, or None."""
    if len(turns) != len(expected):
        return "%d turns instead of %d" % (len(turns), len(expected))
    for number, ((tokens, logs), (want, want_logs)) in enumerate(zip(turns, expected)):
        if tokens != want:
            return "turn %d: %s instead of %s" % (number, tokens, want)
        if logs is not None and want_logs is not None and not np.allclose(logs, want_logs, rtol=2e-5, atol=2e-5, equal_nan=True):
            return "turn %d: log-probabilities %s instead of %s" % (number, logs, want_logs)
    return None


def by_host(tables, case):
    """Host code makes the first turn of unpadded prompts. Returns turns, or why it refuses the settings."""
    config = {**case.config, **dict.fromkeys(case.off), "seed": case.seed, "max_new_tokens": case.steps}
    if "min_new_tokens" in config:
        config["min_new_tokens"] = min(config["min_new_tokens"], case.steps)
    answer = tables.host(case.model, config, case.ids)
    if "error" in answer:
        return [] if "a token with a probability" in answer["error"] else answer["error"]
    fill, longest = case.baked.get("pad_token_id", (case.end or [0])[0]), max(map(len, answer["tokens"]))
    tokens = [row + [fill] * (longest - len(row)) for row in answer["tokens"]]
    return [(tokens, [[float(x) for x in row] + [0.0] * (longest - len(row)) for row in answer["scores"]])]


def refuse():
    """Calls with numbers out of their ranges end with an error in both runtimes, others do not, and the next call is as if nothing had happened."""
    tables, ours, where = Tables(), Ours(), folder()
    a, b = (torch.randn(9, 9, generator=torch.Generator().manual_seed(number)) for number in (1, 2))
    model = request(where, 0, a, b, baked={"bad_words_ids": [[3]]}, capacity=12, batch=2, recipe="portable")
    tables.export(model)
    wrong = {
        **dict.fromkeys(["temperature", "repetition_penalty", "encoder_repetition_penalty"], [-1, -math.inf, math.inf]),
        **dict.fromkeys(["top_p", "min_p", "typical_p", "epsilon_cutoff", "eta_cutoff", "top_h"], [-0.1, 1.01, math.inf]),
        **dict.fromkeys(["do_sample", "renormalize_logits", "bad_words_ids", "suppress_tokens"], [-1, 2]),
        **dict.fromkeys(["top_k", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "min_length", "min_new_tokens", "max_length"], [-1, 1e10, math.inf]),
        "early_stopping": [-1, 3],
    }
    right = {"temperature": [0, 3e38], "top_k": [2**31 - 1], "no_repeat_ngram_size": [2**31 - 1], "min_length": [2**31 - 1], "max_length": [2**31 - 1], "top_p": [0, 1],
             "repetition_penalty": [1e-30, 1e30], "typical_p": [0], "top_h": [1], "early_stopping": [2], "num_beams": [7], "bad_words_ids": [0, 1]}
    count = 0
    for method in (official(model["file"]), ours.method(model["file"])):
        generate = Generate(method)

        def call(settings, end=(4,), ids=((1, 2), (3, 3)), mask=((1, 1), (0, 1)), steps=6):
            return generate.call(list(ids), list(mask), 0, steps, settings=vector({"do_sample": 1, **settings}), end=end, seed=5)[:2]

        before = call({})
        for settings in [{name: value} for name, values in wrong.items() for value in values]:
            try:
                made = call(settings)
            except RuntimeError:
                count += 1
                assert call({}) == before, settings
                continue
            raise AssertionError("%s made %s" % (settings, made))
        for settings in [{name: value} for name, values in right.items() for value in values]:
            call(settings)
        # Tokens that are none end no row; no step makes nothing.
        assert call({}, end=(-5, 10**12, 99)) == call({}, end=())
        assert call({}, steps=-3)[0] == [[], []]
        assert call({}) == before
    note("%d calls with numbers out of their ranges refused" % count)


def compare():
    tables, ours, where = Tables(), Ours(), folder()
    used, wrong = dict.fromkeys([*LISTS, *NUMBERS, *SAMPLING], 0), 0
    counts = dict.fromkeys(("alike", "rounding", "undrawable", "host", "refused"), 0)
    for number in range(FIRST, FIRST + CASES):
        case = Case(number, where)
        tables.export(case.model)
        official = case.by_program(case.model["file"], case.piece)
        method = ours.method(case.model["file"])
        own = case.by_program(method, None)
        method.close()
        problem = alike(own, official)
        problems = ["Sconce's runtime and the official one: " + problem] if problem else []
        theirs = case.by_transformers()
        counts["undrawable"] += len(theirs) < 2
        problem = alike(official, theirs)
        if problem and alike(theirs, case.by_transformers(torch.float64)):
            counts["rounding"] += 1
        else:
            problems += ["the program and transformers: " + problem] if problem else []
            counts["alike"] += not problem
            if not any(case.padding):
                host = by_host(tables, case)
                problem = None if isinstance(host, str) else alike(host, theirs[:1])
                problems += ["host code and transformers: " + problem] if problem else []
                counts["refused" if isinstance(host, str) else "host"] += 1
        if problems:
            wrong += 1
            print(case, *problems, sep="\n  ", flush=True)
        for name in used:
            used[name] += name in case.config or name in case.baked and name not in case.off
    assert not wrong, "%d of %d cases differ (seed %d)" % (wrong, CASES, SEED)
    missing = [name for name, count in used.items() if count == 0]
    assert not missing, "never tried: %s" % missing
    assert counts["alike"] > CASES * 3 // 4 and counts["rounding"] <= CASES // 50 and counts["refused"] < CASES // 10, counts
    note("%d random cases: both runtimes agree token for token; transformers makes these in %d (in %d to where no token has a probability, in %d others rounding decides), host code in %d"
         % (CASES, counts["alike"], counts["undrawable"], counts["rounding"], counts["host"]))
    note("each rule in %d to %d of them" % (min(used.values()), max(used.values())))


def nearly_tie():
    """Where two tokens are almost equally likely, filters decide alike: their sums are doubles in both runtimes."""
    tables, ours, where, vocabulary = Tables(), Ours(), folder(), 97
    rng, generator = random.Random(SEED), torch.Generator().manual_seed(SEED)
    a = torch.randn(vocabulary, vocabulary, generator=generator) * 0.1 - 8
    for row in a:
        first, second = rng.sample(range(vocabulary), 2)
        row[first], row[second] = 4.8, 4.8 - 10 ** rng.uniform(-6, -3)
    model = request(where, 0, a, torch.zeros_like(a), baked={}, capacity=12, batch=1, recipe="portable")
    tables.export(model)
    theirs, mine = Generate(model["file"]), Generate(ours.method(model["file"]))
    for name, value in {"typical_p": 0.1, "top_h": 0.1, "top_p": 0.3, "min_p": 1.0, "epsilon_cutoff": 0.5, "eta_cutoff": 0.3}.items():
        settings = vector({"do_sample": 1, "top_k": 2, name: value})
        for token in range(vocabulary):
            found = [generate.call([[token]], [[1]], 0, 1, settings=settings, end=[], seed=token * 10**7)[0] for generate in (theirs, mine)]
            assert found[0] == found[1], (name, a[token].topk(2), found)
            # The more likely one is the only one that these leave.
            assert name in ("epsilon_cutoff", "eta_cutoff") or found[0] == [[int(a[token].argmax())]], (name, a[token].topk(2), found)


refuse()
nearly_tie()
compare()
