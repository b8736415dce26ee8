"""Checkpoints with golden outputs of transformers: where they are, and running a program on their cases.

A folder holds config.json, the weights and goldens.json: cases of an operation (`op`) with inputs and the names of the
expected arrays in goldens.safetensors. Answers may differ by tol * max(1, largest expected magnitude).
"""
import glob
import json
import os

import torch
from executorch.extension.llm.custom_ops import custom_ops  # noqa: F401  registers llama::
from executorch.kernels import quantized  # noqa: F401  registers quantized_decomposed::
from executorch.runtime import Runtime
from safetensors.torch import load_file

import seq2seq

HERE = os.path.dirname(os.path.abspath(__file__))
COMMITTED = os.path.join(HERE, "../export/src/test/resources/checkpoints")

# What the exporter covers: by model type, the classes.
FAMILIES = {
    "llama": ["ForCausalLM"],
    "mistral": ["ForCausalLM"],
    "qwen2": ["ForCausalLM"],
    "qwen3": ["ForCausalLM"],
    "gemma2": ["ForCausalLM"],
    "gpt2": ["LMHeadModel"],
    "starcoder2": ["ForCausalLM"],
    "bert": ["ForMaskedLM", "ForSequenceClassification"],
    "roberta": ["ForMaskedLM", "ForSequenceClassification"],
    "xlm-roberta": ["ForMaskedLM", "ForSequenceClassification"],
    "distilbert": ["ForMaskedLM", "ForSequenceClassification"],
    "vit": ["ForImageClassification"],
    "deit": ["ForImageClassification"],
    "t5": ["ForConditionalGeneration"],
    "mt5": ["ForConditionalGeneration"],
    "umt5": ["ForConditionalGeneration"],
    "marian": ["MarianMTModel"],
    "bart": ["ForConditionalGeneration"],
    "mbart": ["ForConditionalGeneration"],
    "m2m_100": ["ForConditionalGeneration"],
    "pegasus": ["ForConditionalGeneration"],
}


def checkpoints():
    """Yields the folders of the covered families: the committed ones, and with SCONCE_FIXTURES all."""
    tops = [COMMITTED]
    if "SCONCE_FIXTURES" in os.environ:
        tops.append(os.path.join(os.environ["SCONCE_FIXTURES"], "hf"))
    for top in tops:
        for path in sorted(glob.glob(os.path.join(top, "*/goldens.json"))):
            with open(path) as file:
                goldens = json.load(file)
            classes = FAMILIES.get(goldens.get("model_type"), [])
            if any(goldens.get("class", "").endswith(name) for name in classes):
                yield os.path.dirname(path)


class Checkpoint:
    def __init__(self, where):
        self.where = where
        self.name = os.path.basename(where)
        with open(os.path.join(where, "goldens.json")) as file:
            goldens = json.load(file)
        with open(os.path.join(where, "config.json")) as file:
            self.config = json.load(file)
        self.cases = goldens["cases"]
        self.tolerance = goldens["tolerance"]["tol"]
        self.arrays = load_file(os.path.join(where, "goldens.safetensors"))

    def changes_with_length(self, tokens):
        """Whether a rotary embedding turns all keys anew when a sequence reaches this length."""
        scaling = self.config.get("rope_scaling") or self.config.get("rope_parameters") or {}
        kind = scaling.get("rope_type", scaling.get("type"))
        return kind == "dynamic" and tokens > self.config["max_position_embeddings"]


class Program:
    """A program in the official runtime."""

    def __init__(self, path):
        self.program = Runtime.get().load_program(path)
        self.methods = {}

    def run(self, name, *inputs):
        if name not in self.methods:
            self.methods[name] = self.program.load_method(name)
        return self.methods[name].execute(list(inputs))

    def has(self, name):
        return name in self.program.method_names


def causal_logits(program, ids, chunk):
    """The logits of the last position, with the prompt given in pieces."""
    out = None
    for start in range(0, len(ids), chunk):
        part = ids[start : start + chunk]
        (out,) = program.run("forward", torch.tensor([part]), torch.arange(start, start + len(part)))
    return out[0, -1].clone()


def error(got, want):
    """The largest difference, relative to the largest expected magnitude if that is above 1; NaN counts as infinite."""
    worst = (got - want).abs().max().item() / max(1.0, want.abs().max().item())
    return worst if worst == worst else float("inf")


def check_logits(program, checkpoint, case, chunks):
    ids = case["inputs"]["input_ids"][0]
    want = checkpoint.arrays[case["outputs"]["logits"]]
    want = want.reshape(-1, want.shape[-1])[-1]
    worst = 0.0
    for chunk in chunks:
        if chunk < len(ids) and checkpoint.changes_with_length(len(ids)):
            continue
        worst = max(worst, error(causal_logits(program, ids, chunk), want))
    return worst


def check_greedy(program, checkpoint, case):
    ids = list(case["inputs"]["input_ids"][0])
    want = case["outputs"]["tokens"]
    again = checkpoint.changes_with_length(len(ids) + len(want))
    logits = causal_logits(program, ids, len(ids))
    tokens = []
    while True:
        tokens.append(int(logits.argmax()))
        if len(tokens) == len(want):
            break
        ids.append(tokens[-1])
        if again:
            logits = causal_logits(program, ids, len(ids))
        else:
            (out,) = program.run("forward", torch.tensor([ids[-1:]]), torch.tensor([len(ids) - 1]))
            logits = out[0, -1].clone()
    return 0.0 if tokens == want else float("inf")


def check_encoder(program, checkpoint, case):
    inputs, worst = case["inputs"], 0.0
    want = checkpoint.arrays[case["outputs"]["logits"]]
    for row, ids in enumerate(inputs["input_ids"]):
        mask = torch.tensor([inputs["attention_mask"][row]])
        arguments = [torch.tensor([ids]), mask]
        types = inputs.get("token_type_ids")
        name = "forward"
        if types is not None and any(types[row]):
            name = "forward_with_token_types"
            arguments.append(torch.tensor([types[row]]))
        (got,) = program.run(name, *arguments)
        if got.dim() == 3:
            seen = mask[0].bool()
            worst = max(worst, error(got[0][seen], want[row][seen]))
        else:
            worst = max(worst, error(got[0], want[row]))
    return worst


def check_image(program, checkpoint, case):
    pixels = checkpoint.arrays[case["inputs"]["pixel_values"]]
    want = checkpoint.arrays[case["outputs"]["logits"]]
    return max(
        error(program.run("forward", pixels[row : row + 1].contiguous())[0][0], want[row])
        for row in range(len(pixels))
    )


def check(program, checkpoint, chunks=(1, 3, 8, 1000)):
    """Runs all cases that a program of the checkpoint's task can answer; returns their number and the errors by case."""
    errors = {}
    for case in checkpoint.cases:
        if case["op"] == "logits":
            errors[case["id"]] = check_logits(program, checkpoint, case, chunks)
        elif case["op"] == "greedy" and program.has("text_decoder"):
            errors[case["id"]] = seq2seq.check_greedy(program, checkpoint, case)
        elif case["op"] == "greedy":
            errors[case["id"]] = check_greedy(program, checkpoint, case)
        elif case["op"] == "encoder" and program.has("text_decoder"):
            errors[case["id"]] = seq2seq.check_encoder(program, checkpoint, case)
        elif case["op"] == "encoder":
            errors[case["id"]] = check_encoder(program, checkpoint, case)
        elif case["op"] == "image":
            errors[case["id"]] = check_image(program, checkpoint, case)
        elif case["op"] == "seq2seq_logits":
            errors[case["id"]] = seq2seq.check_logits(program, checkpoint, case, chunks)
    return errors
