"""Random values of the settings of generation, for checks that compare with transformers."""


def word(rng, vocabulary, longest=3):
    return [rng.randrange(vocabulary) for _ in range(rng.randint(1, longest))]


def tokens(rng, vocabulary):
    return rng.sample(range(vocabulary), rng.randint(1, min(3, vocabulary)))


def sometimes_bare(rng, ids):
    return ids[0] if len(ids) == 1 and rng.random() < 0.5 else ids


# Every setting that makes a rule, with random values; those of sampling last.
RULES = {
    "sequence_bias": lambda r, v: [[list(w), r.choice([-10.0, -1.5, 0.25, 3.0])] for w in sorted({tuple(word(r, v)) for _ in range(r.randint(1, 5))})],
    "encoder_repetition_penalty": lambda r, v: r.choice([0.5, 1.0, 1.3, 2.0]),
    "repetition_penalty": lambda r, v: r.choice([0.7, 1.0, 1.1, 1.5, 5.0]),
    "no_repeat_ngram_size": lambda r, v: r.randint(0, 4),
    "encoder_no_repeat_ngram_size": lambda r, v: r.randint(0, 4),
    "bad_words_ids": lambda r, v: [word(r, v) for _ in range(r.randint(1, 4))],
    "min_length": lambda r, v: r.randint(0, 14),
    "min_new_tokens": lambda r, v: r.randint(0, 6),
    "forced_bos_token_id": lambda r, v: r.randrange(v),
    "forced_eos_token_id": lambda r, v: sometimes_bare(r, tokens(r, v)),
    "remove_invalid_values": lambda r, v: r.random() < 0.7,
    "exponential_decay_length_penalty": lambda r, v: [r.randint(0, 5), r.choice([1.01, 1.2, 2.0])],
    "suppress_tokens": lambda r, v: tokens(r, v),
    "begin_suppress_tokens": lambda r, v: tokens(r, v),
    "renormalize_logits": lambda r, v: r.random() < 0.7,
}
SAMPLING = {
    "temperature": lambda r, v: r.choice([0.1, 0.5, 0.9, 1.0, 1.7, 3.0]),
    # Not 1: whether the whole entropy exceeds itself is a matter of the order in which a sum is rounded.
    "top_h": lambda r, v: r.choice([0.1, 0.4, 0.8, 0.95]),
    "top_k": lambda r, v: r.choice([0, 1, 2, 5, 1000]),
    "top_p": lambda r, v: r.choice([0.01, 0.3, 0.7, 0.95, 1.0]),
    "min_p": lambda r, v: r.choice([0.01, 0.1, 0.5, 1.0]),
    "typical_p": lambda r, v: r.choice([0.1, 0.5, 0.9, 1.0]),
    "epsilon_cutoff": lambda r, v: r.choice([0.001, 0.05, 0.3]),
    "eta_cutoff": lambda r, v: r.choice([0.001, 0.05, 0.3]),
}
