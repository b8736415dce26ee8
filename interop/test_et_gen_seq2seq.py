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
from embedded import vector
from executorch.extension.llm.custom_ops import custom_ops  # noqa: F401  registers llama::
from executorch.kernels import quantized  # noqa: F401  registers quantized_decomposed::
from executorch.runtime import Runtime
from goldens import COMMITTED
from safetensors.torch import load_file
from support import folder, note, sconce
from transformers import AutoModelForSeq2SeqLM, GenerationConfig, logging

logging.set_verbosity_error()
TOLERANCE = 1e-3
BAKED = ("bad_words_ids", "pad_token_id", "forced_bos_token_id", "forced_eos_token_id", "suppress_tokens")
INPUTS = ("input_ids", "attention_mask", "decoder_start_token_id", "eos_token_id", "max_new_tokens", *BAKED)
EARLY = {False: 0, True: 1, "never": 2}


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


class Model:
    """A program with `generate` and `generate_beam`."""

    def __init__(self, path):
        program = Runtime.get().load_program(path)
        self.generate, self.beam = program.load_method("generate"), program.load_method("generate_beam")

    @staticmethod
    def inputs(ids, mask, target, position, settings, end):
        numbers = vector({name: EARLY.get(value, value) if name == "early_stopping" else value for name, value in settings.items()})
        return [
            torch.tensor(ids),
            torch.tensor(mask),
            torch.tensor(target),
            torch.tensor([position]),
            torch.tensor(numbers, dtype=torch.float32),
            torch.tensor(end, dtype=torch.int64),
        ]

    def call(self, ids, mask, target, position, steps, settings, end):
        out = self.generate.execute([*self.inputs(ids, mask, target, position, settings, end), torch.tensor([0]), torch.tensor([steps])])
        return out[0].tolist(), out[1].tolist(), out[2].tolist(), out[3].item()

    def streamed(self, ids, mask, start, steps, settings, end):
        made, position, target = [[] for _ in ids], 0, [[start]] * len(ids)
        for _ in range(steps):
            tokens, finished, _, position = self.call(ids, mask, target, position, 1, settings, end)
            for row, new in zip(made, tokens):
                row.extend(new)
            if all(finished):
                break
            target, ids, mask = tokens, [[0]], [[0]]
        return made, finished

    def beams(self, ids, mask, start, steps, settings, end):
        out = self.beam.execute([*self.inputs(ids, mask, [[start]] * len(ids), 0, settings, end), torch.tensor([steps])])
        return out[0].flatten(0, 1).tolist(), out[1].flatten(), out[2].tolist()


def compare(model, inputs, sequences, scores):
    """Checks one case; scores are None for a greedy one."""
    ids, mask = inputs["input_ids"], inputs.get("attention_mask") or [[1] * len(row) for row in inputs["input_ids"]]
    start, steps, end = inputs["decoder_start_token_id"], inputs["max_new_tokens"], inputs.get("eos_token_id") or []
    end = [end] if isinstance(end, int) else end
    settings = {name: value for name, value in inputs.items() if name not in INPUTS}
    settings["max_length"] = 1 + steps
    if scores is None:
        made, finished, _, _ = model.call(ids, mask, [[start]] * len(ids), 0, steps, settings, end)
        assert [[start, *row] for row in made] == sequences, (inputs, sequences, made)
        assert finished == [1] * len(ids), finished
        assert model.streamed(ids, mask, start, steps, settings, end) == (made, finished), inputs
        return
    found, found_scores, _ = model.beams(ids, mask, start, steps, settings, end)
    assert found == sequences, (inputs, sequences, found)
    worst = (found_scores - scores).abs().max().item()
    assert worst <= TOLERANCE, (inputs, scores, found_scores)


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
        model = Model(export(where, folder(), json.loads(baked), recipe, "--batch", 3, "--beams", 4))
        for case in members:
            scores = case["outputs"].get("sequences_scores")
            compare(model, case["inputs"], case["outputs"]["sequences"], None if scores is None else arrays[scores])
    return len(cases)


def random_inputs(rng, config, batch):
    lengths = [rng.randint(1, 12) for _ in range(rng.randint(1, batch))]
    pad, width = config.pad_token_id or 0, max(lengths) + rng.choice([0, 2])
    inputs = {
        "input_ids": [[rng.randrange(config.vocab_size) for _ in range(n)] + [pad] * (width - n) for n in lengths],
        "attention_mask": [[1] * n + [0] * (width - n) for n in lengths],
        "decoder_start_token_id": config.decoder_start_token_id,
        "eos_token_id": [rng.randrange(config.vocab_size) for _ in range(rng.randint(1, 3))],
        "pad_token_id": pad,
        "max_new_tokens": rng.randint(2, 20),
    }
    for name, values in {"repetition_penalty": [1.3], "no_repeat_ngram_size": [2, 3], "min_new_tokens": [3], "encoder_no_repeat_ngram_size": [2]}.items():
        if rng.random() < 0.2:
            inputs[name] = rng.choice(values)
    if rng.random() < 0.6:
        beams = rng.randint(2, 4)
        inputs.update(num_beams=beams, num_return_sequences=rng.randint(1, beams), length_penalty=rng.choice([1.0, 0.6, 1.5]), early_stopping=rng.choice(list(EARLY)))
    return inputs


def random_cases(where, recipe, count):
    reference = AutoModelForSeq2SeqLM.from_pretrained(where, dtype=torch.float32).eval()
    reference.generation_config = GenerationConfig()
    config, rng = reference.config, random.Random(where.rsplit(os.sep, 1)[-1] + recipe)
    model = Model(export(where, folder(), {"pad_token_id": config.pad_token_id or 0}, recipe, "--batch", 3, "--beams", 4))
    done = 0
    for _ in range(count):
        inputs = random_inputs(rng, config, 3)
        settings = {k: v for k, v in inputs.items() if k not in ("input_ids", "attention_mask")}
        with torch.no_grad():
            theirs = reference.generate(
                torch.tensor(inputs["input_ids"]),
                attention_mask=torch.tensor(inputs["attention_mask"]),
                generation_config=GenerationConfig(do_sample=False, return_dict_in_generate=True, output_scores=True, **settings),
            )
        scores = theirs.sequences_scores if "num_beams" in inputs else None
        if scores is not None and scores.min() < -1e8:
            continue  # fewer sequences than asked for: the rest has no order
        compare(model, inputs, theirs.sequences.tolist(), scores)
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
