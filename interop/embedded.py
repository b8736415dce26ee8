"""Drives `generate` of a program in the official runtime: nothing but `execute`."""
import math

import torch
from executorch.extension.llm.custom_ops import custom_ops  # noqa: F401  registers llama::
from executorch.kernels import quantized  # noqa: F401  registers quantized_decomposed::
from executorch.runtime import Runtime
from support import Server

# The order of the settings vector (docs/formats/et_gen.md).
SETTINGS = (
    "temperature top_k top_p min_p typical_p epsilon_cutoff eta_cutoff top_h repetition_penalty encoder_repetition_penalty no_repeat_ngram_size "
    "encoder_no_repeat_ngram_size min_length min_new_tokens max_length do_sample num_beams num_return_sequences length_penalty early_stopping renormalize_logits "
    "sequence_bias bad_words_ids forced_bos_token_id forced_eos_token_id remove_invalid_values exponential_decay_length_penalty suppress_tokens begin_suppress_tokens"
).split()


def vector(config):
    """The settings vector of a dict of numbers; what it does not have is left to the file."""
    return [float(config[name]) if name in config else math.nan for name in SETTINGS]


def official(path, method="generate"):
    """Returns a method in the official runtime: a function from input tensors to output tensors."""
    loaded = Runtime.get().load_program(path).load_method(method)
    return lambda inputs: loaded.execute(inputs)


class Ours:
    """Programs in Sconce's runtime, by ProgramCalls.java."""

    def __init__(self):
        self.server, self.loaded = Server("ProgramCalls.java", "base", "format", "ops", "kernels", "runtime"), 0

    def method(self, path, method="generate"):
        """Returns a method of a program that is loaded for it."""
        self.loaded += 1
        return OurMethod(self.server, str(self.loaded), path, method)


class OurMethod:
    def __init__(self, server, number, path, method):
        self.server, self.call = server, {"id": number, "file": path, "method": method}

    def __call__(self, inputs):
        answer = self.server.ask(inputs=[tensor_json(tensor) for tensor in inputs], **self.call)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return [
            torch.tensor([float(x) if out["dtype"] == "float32" else x for x in out["data"]], dtype=getattr(torch, out["dtype"])).reshape(out["shape"])
            for out in answer["outputs"]
        ]

    def close(self):
        self.server.ask(id=self.call["id"], close=True)


def tensor_json(tensor):
    numbers = tensor.flatten().tolist()
    if tensor.dtype == torch.int64:
        return {"dtype": "int64", "shape": list(tensor.shape), "data": numbers}
    # Java's names of what is no number in JSON.
    texts = {math.inf: "Infinity", -math.inf: "-Infinity"}
    return {"dtype": "float32", "shape": list(tensor.shape), "data": ["NaN" if math.isnan(x) else texts.get(x, x) for x in numbers]}


class Generate:
    """`generate` of a program: a path, in the official runtime, or a method in whatever runtime."""

    def __init__(self, method):
        self.method = official(method) if isinstance(method, str) else method

    def call(self, ids, mask, position, steps, settings=(), end=(-1,), seed=1, target=None):
        """Returns tokens, finished, scores, position as lists; `target` is what a decoder with an encoder is given."""
        out = self.method(
            [
                torch.tensor(ids),
                torch.tensor(mask),
                *([] if target is None else [torch.tensor(target)]),
                torch.tensor([position]),
                torch.tensor(list(settings), dtype=torch.float32),
                torch.tensor(list(end), dtype=torch.int64),
                torch.tensor([seed]),
                torch.tensor([steps]),
            ]
        )
        return out[0].tolist(), out[1].tolist(), out[2].tolist(), out[3].item()

    def streamed(self, ids, mask, steps, piece=1, target=None, **rest):
        """The same as one call, made by calls of a few tokens."""
        made, position = [[] for _ in ids], 0
        while len(made[0]) < steps:
            tokens, finished, _, position = self.call(ids, mask, position, min(piece, steps - len(made[0])), target=target, **rest)
            for row, new in zip(made, tokens):
                row.extend(new)
            if all(finished):
                break
            last = [[row[-1]] for row in made]
            if target is None:
                ids, mask = last, [[1]] * len(made)
            else:
                target, ids, mask = last, [[0]], [[0]]
        return made, finished
