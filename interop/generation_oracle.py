"""What `generate` of a program must make, in torch: transformers' processors on given scores, then the choice by docs/formats/et_gen.md.

The loop is written here, since transformers draws with torch's random numbers; which rules there are, their order and what they do is
transformers'.
"""
import math

import torch
from transformers import GenerationConfig
from transformers.generation import utils

M1, M2 = 2147483563, 2147483399


class Generator:
    """L'Ecuyer's combined generator, as the format page has it."""

    def __init__(self, seed, row):
        s = seed % 2**31
        self.x1, self.x2 = 1 + (s + row) % (M1 - 1), 1 + (s + 69621 * row) % (M2 - 1)

    def next(self):
        self.x1, self.x2 = 40014 * self.x1 % M1, 40692 * self.x2 % M2
        return ((self.x1 - self.x2 + M1 - 1) % (M1 - 1) // 128) / 2**24


class Model:
    """As much of a model as the choice of processors asks for."""

    class config:
        is_encoder_decoder = False

    _merge_criteria_processor_list = utils.GenerationMixin._merge_criteria_processor_list


class Undrawable(Exception):
    """No token has a probability: what is drawn has no meaning."""


class Conversation:
    """Rows of one start and the turns that follow.

    `scores(ids)` gives the logits after rows of tokens, float32[rows, vocabulary].
    """

    def __init__(self, scores, seed, rows, dtype=torch.float32):
        self.scores, self.dtype = scores, dtype
        self.generators = [Generator(seed, row) for row in range(rows)]
        self.ids = [[] for _ in range(rows)]

    def turn(self, new, config, steps):
        """Returns the new tokens and their log-probabilities by row, filled as the program fills them."""
        self.ids = [row + more for row, more in zip(self.ids, new)]
        prompt, end = len(self.ids[0]), config.get("eos_token_id") or []
        settings = GenerationConfig(**{"top_k": 50, **config, "max_length": prompt + steps, "max_new_tokens": None})
        settings._eos_token_tensor = torch.tensor(end) if end else None
        if settings.min_new_tokens is not None:
            settings.min_length = settings.min_new_tokens + prompt
        sources = torch.tensor(self.ids)
        fill = config["pad_token_id"] if "pad_token_id" in config else (end or [0])[0]
        finished, logs = [False] * len(self.ids), [[] for _ in self.ids]
        for _ in range(steps):
            # Rows that ended are not looked at: filters that draw up distributions fail on what may have become of them.
            live = [row for row, ended in enumerate(finished) if not ended]
            processors = utils.GenerationMixin._get_logits_processor(Model(), settings, prompt, sources[live], device="cpu", logits_processor=[])
            try:
                scores = processors(torch.tensor(self.ids)[live], self.scores(torch.tensor(self.ids))[live].to(self.dtype)).double()
            except ValueError as e:
                if "Expected parameter logits" in str(e):
                    raise Undrawable() from e
                raise
            for row, ended in enumerate(finished):
                changed = scores[live.index(row)] if not ended else None
                token = fill if ended else self.draw(row, changed) if config.get("do_sample") else int(changed.argmax())
                logs[row].append(0.0 if ended else float(changed.log_softmax(0)[token]))
                self.ids[row].append(token)
                finished[row] = ended or token in end
            if all(finished):
                break
        return [row[prompt:] for row in self.ids], logs

    def draw(self, row, scores):
        greatest = float(scores.max())
        if not math.isfinite(greatest):
            raise Undrawable()
        sums = (scores - greatest).exp().cumsum(0)
        return int((sums <= self.generators[row].next() * sums[-1]).sum())
