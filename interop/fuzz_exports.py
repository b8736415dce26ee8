"""Random models with random options: the official runtime must give the answers of transformers.

usage: fuzz_exports.py [--count N] [--seed S] [--first I] [--family F | --quantized]

Every case is drawn from the seed and its own number alone: `--seed S --first I --count 1` repeats it. A family's sizes, rope
kinds, biases and windows are drawn, the type in which weights are stored, sharding, then recipe, operators, element type,
shapes and lengths of the export; prompts are given in random pieces. With --quantized, random schemes are compared as
test_export_quantized.py does. Ends with 1 if an answer differs or an export fails.
"""
import argparse
import copy
import os
import random as randomness
import shutil
import subprocess
import sys
import tempfile

import torch
from goldens import Program, error
import quantized_decoders
from random_models import FAMILIES, make, quantizable
from support import SCONCE
from transformers import logging

logging.set_verbosity_error()
logging.disable_progress_bar()
torch.set_grad_enabled(False)
# Half types round after every operator; random weights make a few of them count.
TOLERANCE = {"float32": 3e-4, "float16": 4e-2, "bfloat16": 3e-1}
DECODERS = ("llama", "mistral", "qwen2", "qwen3", "gemma2", "gpt2", "starcoder2")


class Failed(Exception):
    """A difference or an error, with what it was."""


def flag(random, name):
    return random.choice([[], ["--" + name], ["--" + name + "=false"]])


def options(family, config, random):
    """Returns the flags of an export, its element type, its longest sequence, whether shapes are dynamic, and its batch."""
    recipe = random.choice(["xnnpack", "xnnpack", "portable"])
    dtype = random.choice(["float32"] * 6 + ["float16", "bfloat16"])
    flags = ["--recipe", recipe, "--dtype", dtype]
    batch = 1 if family in DECODERS else random.choice([1, 1, 2, 3, 4])
    if batch > 1:
        flags += ["--batch", str(batch)]
    dynamic = random.random() < 0.8
    if not dynamic:
        flags.append("--disable_dynamic_shapes")
    if family in ("vit", "deit"):
        return flags, dtype, 0, dynamic, batch
    most = config.max_position_embeddings - (2 if family == "roberta" else 0)
    longest = random.randint(min(most, 9), most)
    flags += ["--max_seq_len", str(longest)]
    if family in DECODERS:
        flags += flag(random, "use_custom_sdpa") + flag(random, "use_custom_kv_cache")
        if random.random() < 0.25:
            flags.append("--all_logits")
        if random.random() < 0.8:
            flags.append("--no-embed")
    return flags, dtype, longest, dynamic, batch


def export(where, flags):
    path = os.path.join(where, "model.pte")
    done = subprocess.run([SCONCE, "export", where, "-o", path, *flags, "--no-self-tests"], capture_output=True, text=True)
    if done.returncode:
        raise Failed("export: " + done.stderr.strip()[-600:])
    return path


def pieces(length, dynamic, random):
    """Splits a prompt; all at once in a third of the cases."""
    if not dynamic:
        return [1] * length
    found = []
    while sum(found) < length:
        left = length - sum(found)
        found.append(left if random.random() < 0.33 else random.randint(1, left))
    return found


def changes_with_length(config, length):
    """Whether a rotary embedding turns keys anew on the way to this length."""
    parameters = getattr(config, "rope_parameters", None) or {}
    kind = parameters.get("rope_type")
    if kind == "dynamic":
        return length > config.max_position_embeddings
    return kind == "longrope" and length > parameters["original_max_position_embeddings"]


def check_decoder(program, model, config, longest, dynamic, whole, random):
    worst = 0.0
    for _ in range(4):
        length = random.choice([1, 2, longest, random.randint(1, longest)])
        ids = [random.randrange(config.vocab_size) for _ in range(length)]
        split = pieces(length, dynamic, random)
        if changes_with_length(config, length):
            if not dynamic:
                continue
            split = [length]
        # A model with a dynamic embedding remembers the longest sequence that it has seen.
        want = copy.deepcopy(model)(torch.tensor([ids])).logits[0].float()
        start = 0
        for count in split:
            part = torch.tensor([ids[start : start + count]])
            (got,) = program.run("forward", part, torch.arange(start, start + count))
            got = got[0].float()
            start += count
            expected = want[start - count : start] if whole else want[start - 1 : start]
            if got.shape != expected.shape:
                raise Failed("logits of shape %s, expected %s" % (tuple(got.shape), tuple(expected.shape)))
            worst = max(worst, error(got, expected))
    return worst


def rows(dynamic, batch, random):
    """How many rows a call has."""
    return random.randint(1, batch) if dynamic else batch


def check_encoder(program, model, config, longest, dynamic, batch, random):
    worst = 0.0
    for _ in range(4):
        length = random.choice([1, longest, random.randint(1, longest)]) if dynamic else longest
        count = rows(dynamic, batch, random)
        ids = torch.tensor([[random.randrange(2, config.vocab_size) for _ in range(length)] for _ in range(count)])
        mask = torch.ones_like(ids)
        for row in mask:
            row[length - random.choice([0, random.randint(0, length - 1)]) :] = 0
        inputs = dict(input_ids=ids, attention_mask=mask)
        name, arguments = "forward", [ids, mask]
        if program.has("forward_with_token_types") and random.random() < 0.5:
            types = torch.tensor([[random.randrange(config.type_vocab_size) for _ in range(length)] for _ in range(count)])
            inputs["token_type_ids"] = types
            name, arguments = "forward_with_token_types", [ids, mask, types]
        (got,) = program.run(name, *arguments)
        got = got.float()
        for row in range(count):
            want = model(**{key: value[row : row + 1] for key, value in inputs.items()}).logits[0]
            seen = mask[row].bool()
            worst = max(worst, error(got[row][seen], want[seen]) if want.dim() == 2 else error(got[row], want))
    return worst


def check_image(program, model, config, dynamic, batch, random):
    generator = torch.Generator().manual_seed(random.randrange(1 << 30))
    size = config.image_size
    worst = 0.0
    for _ in range(2):
        pixels = torch.randn(rows(dynamic, batch, random), config.num_channels, size, size, generator=generator)
        (got,) = program.run("forward", pixels)
        for row, logits in enumerate(got.float()):
            worst = max(worst, error(logits, model(pixels[row : row + 1]).logits[0]))
    return worst


def run(seed, number, family=None):
    """Runs one case; returns what it was and its largest error. Raises Failed."""
    random = randomness.Random("%s.%d" % (seed, number))
    drawn = random.choice(list(FAMILIES))
    family = family or drawn
    where = tempfile.mkdtemp()
    title = "%s.%d %s" % (seed, number, family)
    try:
        model = make(family, random, where)
        config = model.config
        flags, dtype, longest, dynamic, batch = options(family, config, random)
        title += " " + " ".join(flags)
        # Told before, since the official runtime may crash.
        print(title, end="", flush=True)
        program = Program(export(where, flags))
        if family in DECODERS:
            worst = check_decoder(program, model, config, longest, dynamic, "--all_logits" in flags, random)
        elif family in ("vit", "deit"):
            worst = check_image(program, model, config, dynamic, batch, random)
        else:
            worst = check_encoder(program, model, config, longest, dynamic, batch, random)
        if not worst <= TOLERANCE[dtype]:
            raise Failed("off by %.1e\n%s" % (worst, config))
        print(": %.1e" % worst, flush=True)
        return dtype, worst
    except (Failed, RuntimeError) as problem:
        print(": FAILED: %s" % problem, flush=True)
        raise Failed(title) from problem
    finally:
        shutil.rmtree(where)


def run_quantized(seed, number):
    """Runs one case with a random scheme; returns what it was and its largest error. Raises Failed."""
    random = randomness.Random("%s.%d" % (seed, number))
    linear, embedding = random.choice(["8da4w", "8da8w"]), random.choice(["8w", "4w"])
    scales, group = random.choice(["hqq", "hqq", "absmax"]), random.choice([32, 32, 64, 0])
    model = quantizable(random, group or 32)
    title = "%s.%d %s, embedding %s, %s, groups of %d" % (seed, number, linear, embedding, scales, group)
    print(title, end="", flush=True)
    try:
        # Wide layers have some value near a boundary in nearly every prompt.
        count, compared, worst = quantized_decoders.check(model, linear, embedding, scales, group, prompts=100, enough=0)
        print(": %d matrices, %d prompts, %.1e" % (count, compared, worst), flush=True)
        return "float32", worst
    except (AssertionError, RuntimeError) as problem:
        print(": FAILED: %s\n%s" % (problem, model().config), flush=True)
        raise Failed(title) from problem


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--family", choices=FAMILIES)
    parser.add_argument("--quantized", action="store_true")
    args = parser.parse_args()
    failed = []
    for number in range(args.first, args.first + args.count):
        try:
            run_quantized(args.seed, number) if args.quantized else run(args.seed, number, args.family)
        except Failed as problem:
            failed.append(str(problem))
    print("%d of %d failed" % (len(failed), args.count))
    sys.exit("\n".join(failed) if failed else 0)


if __name__ == "__main__":
    main()
