"""Logits rules: transformers' processors and ours change the scores alike, for random configurations: which rules, in which order, how."""
import json
import math
import os
import random
import subprocess
import warnings

import numpy as np
import torch
from generation_settings import RULES, SAMPLING, sometimes_bare, tokens
from support import java, note
from transformers import GenerationConfig
from transformers.generation import utils

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = int(os.environ.get("SCONCE_SEED", "11"))
CASES = int(os.environ.get("SCONCE_CASES", "1000"))
warnings.simplefilter("ignore")


def case(rng):
    vocabulary = rng.choice([4, 9, 30, 60])
    rows, prompt = rng.randint(1, 3), rng.choice([1, 1, 2, 5, 9])
    length = prompt + rng.choice([0, 0, 1, 2, 5])
    few = rng.randint(2, vocabulary)  # so that n-grams repeat
    ids = [[rng.randrange(few) for _ in range(length)] for _ in range(rows)]
    encoder = [[rng.randrange(few) for _ in range(rng.choice([3, 6]))] for _ in range(rows)]
    encoder = [row[: min(map(len, encoder))] for row in encoder]
    scale = rng.choice([0.3, 1.0, 4.0, 30.0])
    scores = np.array([[rng.gauss(0, scale) for _ in range(vocabulary)] for _ in range(rows)], dtype=np.float32)
    config = {"do_sample": rng.random() < 0.6}
    names = list(RULES)
    # One rule alone, a few, or many.
    chance = rng.choice([0.0, 0.15, 0.5])
    chosen = sorted({n for n in names if rng.random() < chance} | {rng.choice(names)})
    for name in chosen:
        config[name] = RULES[name](rng, vocabulary)
    if config["do_sample"]:
        for name in sorted({n for n in SAMPLING if rng.random() < chance} | {rng.choice(list(SAMPLING))}):
            config[name] = SAMPLING[name](rng, vocabulary)
        # Equal scores are kept in an order that torch leaves open.
        if isinstance(config.get("forced_eos_token_id"), list):
            config["forced_eos_token_id"] = config["forced_eos_token_id"][:1]
    if rng.random() < 0.8 or "exponential_decay_length_penalty" in config:
        config["eos_token_id"] = sometimes_bare(rng, tokens(rng, vocabulary))
    if rng.random() < 0.3:
        config["num_beams"] = rng.choice([2, 3])
    config["max_length"] = max(length + rng.choice([1, 1, 2, 10]), config.get("min_length", 0))
    if config["do_sample"]:
        # It makes bans and infinities finite: many tokens of probability 0 or of equal score, of which filters keep some by chance.
        config.pop("remove_invalid_values", None)
    if config.get("remove_invalid_values"):
        for row in scores:
            for value in (math.inf, -math.inf, math.nan):
                if rng.random() < 0.4:
                    row[rng.randrange(vocabulary)] = value
    return {"config": config, "ids": ids, "prompt_length": prompt, "encoder": encoder, "scores": scores}


class Model:
    """As much of a model as the choice of processors asks for."""

    class config:
        is_encoder_decoder = True

    _merge_criteria_processor_list = utils.GenerationMixin._merge_criteria_processor_list


def official(request):
    settings = GenerationConfig(**{"top_k": 50, **request["config"]})
    eos = settings.eos_token_id
    settings._eos_token_tensor = None if eos is None else torch.tensor([eos] if isinstance(eos, int) else eos)
    processors = utils.GenerationMixin._get_logits_processor(
        Model(), settings, request["prompt_length"], torch.tensor(request["encoder"]), device="cpu", logits_processor=[]
    )
    # One row at a time: only encoder rules look at the row's place, and beams are ours to place.
    return processors(torch.tensor(request["ids"]), torch.from_numpy(request["scores"].copy())).numpy()


def ask(requests):
    roots = [os.path.join(HERE, "..", module, "target", "classes") for module in ("base", "kernels", "generate")]
    assert all(os.path.isdir(root) for root in roots), "not built: " + str(roots)
    lines = "".join(json.dumps({**r, "scores": r["scores"].view(np.int32).tolist()}) + "\n" for r in requests)
    command = [java(), "--class-path", os.pathsep.join(roots), os.path.join(HERE, "GenerationRules.java")]
    run = subprocess.run(command, input=lines, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(requests), (len(answers), len(requests))
    return answers


def alike(theirs, ours):
    same = (theirs == ours) | (np.isnan(theirs) & np.isnan(ours))
    with np.errstate(invalid="ignore"):
        return same | (np.abs(theirs - ours) <= 2e-5 * np.maximum(1, np.abs(theirs)))


def compare():
    rng = random.Random(SEED)
    requests = [case(rng) for _ in range(CASES)]
    answers = ask(requests)
    wrong, both_refuse, undrawable, used = [], 0, 0, {}
    for request, answer in zip(requests, answers):
        try:
            theirs = official(request)
        except (ValueError, IndexError, TypeError) as e:
            if "Expected parameter logits" in str(e):  # the same, inside a filter
                undrawable += 1
                continue
            theirs = e
        if isinstance(theirs, Exception) or isinstance(answer, dict):
            both_refuse += isinstance(theirs, Exception) and isinstance(answer, dict)
            if not (isinstance(theirs, Exception) and isinstance(answer, dict)):
                wrong.append((request, theirs, answer))
            continue
        ours = np.array(answer, dtype=np.int32).view(np.float32).reshape(theirs.shape)
        # A low temperature overflows the greatest float, every token may be banned: torch cannot draw from such rows, and what its
        # filters keep of them has no meaning.
        if request["config"]["do_sample"] and not np.isfinite(theirs.max(axis=1)).all():
            undrawable += 1
            continue
        if not alike(theirs, ours).all():
            wrong.append((request, theirs, ours))
        if not np.array_equal(theirs, request["scores"], equal_nan=True):
            for name in request["config"]:
                used[name] = used.get(name, 0) + 1
    for request, theirs, ours in wrong[:8]:
        print(request["config"], "ids", request["ids"], "prompt", request["prompt_length"], "encoder", request["encoder"])
        if isinstance(theirs, np.ndarray) and isinstance(ours, np.ndarray):
            for row, token in np.argwhere(~alike(theirs, ours))[:4]:
                print("  row", row, "token", token, "score", request["scores"][row, token], "official", theirs[row, token], "sconce", ours[row, token])
        else:
            print("  official", repr(theirs), "\n  sconce  ", repr(ours))
    assert not wrong, "%d of %d configurations differ (seed %d)" % (len(wrong), CASES, SEED)
    missing = [name for name in [*RULES, *SAMPLING] if used.get(name, 0) < CASES // 100]
    assert not missing, "hardly tried: %s" % missing
    note("%d random configurations agree, %d refused by both, %d that torch cannot draw from" % (CASES - both_refuse - undrawable, both_refuse, undrawable))
    assert undrawable < CASES // 5, undrawable


compare()
