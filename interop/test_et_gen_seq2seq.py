"""Generation inside exported encoder-decoder models: transformers' tokens and beams from the official runtime, with nothing but `execute`.

`generate` in one call and streamed, for one source and padded batches, with the encoder's inputs replaced by dummies once it has run;
`generate_beam` with sequences and scores. The cases are the golden ones of the committed checkpoints, with SCONCE_FIXTURES also those of
that folder, and searches that transformers makes here. Last, files are no larger for it.
"""
import glob
import json
import os
import random

import torch
from executorch.extension.llm.custom_ops import custom_ops  # noqa: F401  registers llama::
from executorch.kernels import quantized  # noqa: F401  registers quantized_decomposed::
from goldens import COMMITTED
from random_seq2seq import generate, request
from safetensors.torch import load_file
from seq2seq import BAKED, Embedded, compare_search
from support import folder, note, sconce
from transformers import AutoModelForSeq2SeqLM, logging

logging.set_verbosity_error()


def checkpoints():
    """Yields folders with golden cases of `generate` with an encoder."""
    tops = [COMMITTED]
    if "SCONCE_FIXTURES" in os.environ:
        tops.append(os.path.join(os.environ["SCONCE_FIXTURES"], "hf"))
    for top in tops:
        for path in sorted(glob.glob(os.path.join(top, "*/goldens.json"))):
            with open(path) as file:
                goldens = json.load(file)
            cases = [case for case in goldens["cases"] if case["op"] == "generate" and "decoder_start_token_id" in case["inputs"]]
            if cases:
                yield os.path.dirname(path), cases


def export(where, to, baked, recipe, *more):
    config = os.path.join(folder(), "generation_config.json")
    with open(config, "w") as file:
        json.dump(baked, file)
    path = os.path.join(to, "model.pte")
    with open(os.path.join(where, "config.json")) as file:
        length = min(32, json.load(file).get("max_position_embeddings") or 32)
    sconce("export", where, "-o", path, "--recipe", recipe, "--generation-config", config, "--max_seq_len", length, "--max-hidden-seq-len", length, *more)
    return path


def golden_cases(where, cases, recipe):
    arrays = load_file(os.path.join(where, "goldens.safetensors"))
    groups = {}
    for case in cases:
        baked = {name: case["inputs"][name] for name in BAKED if name in case["inputs"]}
        groups.setdefault(json.dumps(baked), []).append(case)
    for baked, members in groups.items():
        model = Embedded(export(where, folder(), json.loads(baked), recipe, "--batch", 3, "--beams", 4))
        for case in members:
            scores = case["outputs"].get("sequences_scores")
            compare_search(model, case["inputs"], case["outputs"]["sequences"], None if scores is None else arrays[scores].tolist())
    return len(cases)


def random_cases(where, recipe, count):
    reference = AutoModelForSeq2SeqLM.from_pretrained(where, dtype=torch.float32).eval()
    config, rng = reference.config, random.Random(where.rsplit(os.sep, 1)[-1] + recipe)
    model = Embedded(export(where, folder(), {"pad_token_id": config.pad_token_id or 0}, recipe, "--batch", 3, "--beams", 4))
    done = 0
    for _ in range(count):
        inputs = request(rng, config, rng.randint(1, 3), rng.choice([1, 1, 2, 3, 4]))
        sequences, scores = generate(reference, inputs)
        if scores is not None and min(scores) < -1e8:
            continue  # fewer sequences than asked for: the rest has no order
        compare_search(model, inputs, sequences, scores)
        done += 1
    assert done > count // 2, done
    return done


def main():
    golden = made = 0
    for where, cases in checkpoints():
        for recipe in ("portable", "xnnpack"):
            golden += golden_cases(where, cases, recipe)
            made += random_cases(where, recipe, 12)
            print(os.path.basename(where), recipe, flush=True)
    assert golden > 0 and made > 0
    note("%d golden cases, %d made here" % (golden, made))


main()
