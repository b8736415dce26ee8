"""Rules inside programs: host code, our runtime and the official one make the same tokens, for random configurations on table models.

A table model has no network: scores are the sum of two look-ups, so every difference is one of rules, search or bookkeeping. Each rule is
tried alone and in random company, greedily and with chance, in one call and streamed, for one row and for batches.
"""
import math
import os
import random

import numpy as np
from embedded import Generate, vector
from support import Server, folder, note

SEED = int(os.environ.get("SCONCE_SEED", "3"))
CASES = int(os.environ.get("SCONCE_CASES", "120"))


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
    "min_new_tokens": lambda r, v: r.randint(0, 6),
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


def case(number):
    rng = random.Random(SEED * 100003 + number)
    vocabulary, batch, sampling = rng.choice([7, 29, 29, 300, 1500]), rng.choice([1, 1, 3]), rng.random() < 0.6
    baked = {"eos_token_id": rng.sample(range(vocabulary), rng.randint(1, 2)), "pad_token_id": rng.randrange(vocabulary)}
    names = [*LISTS, *NUMBERS] + ([*SAMPLING] * 2 if sampling else [])
    chosen = [names[number % len(names)]] if rng.random() < 0.5 else [name for name in names if rng.random() < 0.25]
    config = {}
    for name in chosen:
        made = {**LISTS, **NUMBERS, **SAMPLING}[name](rng, vocabulary)
        (baked if name in LISTS else config)[name] = narrow(made)
    if "exponential_decay_length_penalty" in baked:
        # A banned end token has no size that could grow: minus infinity plus infinity.
        for name in ("min_length", "min_new_tokens", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size"):
            config.pop(name, None)
        for name in ("forced_eos_token_id", "forced_bos_token_id", "suppress_tokens", "begin_suppress_tokens", "bad_words_ids"):
            baked.pop(name, None)
    if sampling and "forced_eos_token_id" in baked:
        baked["forced_eos_token_id"] = baked["forced_eos_token_id"][:1]  # which of equal scores filters keep is left open
    banned = set(baked.get("suppress_tokens", []))
    if baked.get("forced_bos_token_id") in banned or set(baked.get("forced_eos_token_id", [-1])) <= banned:
        del baked["suppress_tokens"]
    rows, length, steps = rng.randint(1, batch), rng.choice([1, 1, 3, 6, 9]), rng.randint(1, 12)
    config["seed"] = rng.choice([0, 1, 42, -43, 2**40 + rng.randrange(10**6), rng.randrange(2**31)])
    config["max_new_tokens"] = steps
    config.update({"do_sample": True} if sampling else {})
    if "min_new_tokens" in config:
        config["min_new_tokens"] = min(config["min_new_tokens"], steps)
    if rng.random() < 0.2 and "exponential_decay_length_penalty" not in baked:
        config["eos_token_id"] = rng.sample(range(vocabulary), rng.randint(0, 3))
    ids = [[rng.randrange(vocabulary) for _ in range(length)] for _ in range(rows)]
    model = {"vocabulary": vocabulary, "capacity": 40, "batch": batch, "table_seed": number, "baked": baked, "recipe": rng.choice(["portable", "xnnpack"])}
    return model, config, ids, rng.choice([None, 1, 2, 3])


def compare():
    server, where = Server("EmbeddedTables.java", "base", "format", "ops", "kernels", "runtime", "text", "generate", "graph", "export"), folder()
    used, wrong, refused = dict.fromkeys([*LISTS, *NUMBERS, *SAMPLING], 0), 0, 0
    for number in range(CASES):
        model, config, ids, piece = case(number)
        model["file"] = os.path.join(where, "table.pte")
        exported = server.ask(do="export", **model)
        assert "error" not in exported, exported
        host = server.ask(do="host", config=config, input_ids=ids, **model)
        if "error" in host:
            refused += 1
            continue
        steps, mask = config["max_new_tokens"], [[1] * len(ids[0])] * len(ids)
        settings = vector({**config, "max_length": len(ids[0]) + steps})
        end = config.get("eos_token_id", [-1])
        longest = max(map(len, host["tokens"]))
        want = [row + [model["baked"]["pad_token_id"]] * (longest - len(row)) for row in host["tokens"]]
        ours = server.ask(
            do="run", input_ids=ids, attention_mask=mask, position=[0], settings=[None if math.isnan(x) else x for x in settings], eos_token_ids=end,
            seed=[config["seed"]], steps=[steps], **model
        )
        generate = Generate(model["file"])
        rest = {"settings": settings, "end": end, "seed": config["seed"]}
        if piece is None:
            theirs, finished, scores, _ = generate.call(ids, mask, 0, steps, **rest)
            for row, new in zip(host["scores"], scores):
                known = [-math.inf if x is None else x for x in row]
                assert np.allclose(known, new[: len(row)], rtol=1e-5, atol=1e-5), (number, model["baked"], config, known, new)
        else:
            theirs, finished = generate.streamed(ids, mask, steps, piece, **rest)
        if not (want == ours.get("tokens") == theirs and finished == [1] * len(ids)):
            wrong += 1
            print("case", number, model, config, "prompt", ids, "\n  host    ", want, "\n  ours    ", ours, "\n  official", theirs, finished)
        for name in used:
            used[name] += name in config or name in model["baked"]
    assert not wrong, "%d of %d cases differ (seed %d)" % (wrong, CASES, SEED)
    missing = [name for name, count in used.items() if count == 0]
    assert not missing, "never tried: %s" % missing
    assert refused < CASES // 10, refused
    note("%d random cases: host, Sconce's runtime and the official one agree token for token; each rule in %d to %d of them" % (CASES - refused, min(used.values()), max(used.values())))


compare()
