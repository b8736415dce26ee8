"""Drives `generate` of a program in the official runtime: nothing but `execute`."""
import math

import torch
from executorch.extension.llm.custom_ops import custom_ops  # noqa: F401  registers llama::
from executorch.kernels import quantized  # noqa: F401  registers quantized_decomposed::
from executorch.runtime import Runtime

# The order of the settings vector (docs/formats/et_gen.md).
SETTINGS = (
    "temperature top_k top_p min_p typical_p epsilon_cutoff eta_cutoff top_h repetition_penalty encoder_repetition_penalty no_repeat_ngram_size "
    "encoder_no_repeat_ngram_size min_length min_new_tokens max_length do_sample num_beams num_return_sequences length_penalty early_stopping renormalize_logits"
).split()


def vector(config):
    """The settings vector of a dict; what it does not have is left to the file."""
    return [float(config[name]) if name in config else math.nan for name in SETTINGS]


class Generate:
    def __init__(self, path):
        self.program = Runtime.get().load_program(path)
        self.method = self.program.load_method("generate")

    def call(self, ids, mask, position, steps, settings=(), end=(-1,), seed=1):
        """Returns tokens, finished, scores, position as lists."""
        out = self.method.execute(
            [
                torch.tensor(ids),
                torch.tensor(mask),
                torch.tensor([position]),
                torch.tensor(list(settings), dtype=torch.float32),
                torch.tensor(list(end), dtype=torch.int64),
                torch.tensor([seed]),
                torch.tensor([steps]),
            ]
        )
        return out[0].tolist(), out[1].tolist(), out[2].tolist(), out[3].item()

    def streamed(self, ids, mask, steps, piece=1, **rest):
        """The same as one call, made by calls of a few tokens."""
        made, position = [[] for _ in ids], 0
        while len(made[0]) < steps:
            tokens, finished, _, position = self.call(ids, mask, position, min(piece, steps - len(made[0])), **rest)
            for row, new in zip(made, tokens):
                row.extend(new)
            if all(finished):
                break
            ids, mask = [[row[-1]] for row in made], [[1]] * len(made)
        return made, finished
