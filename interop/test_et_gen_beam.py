"""The method generate_beam in the official runtime finds the sequences and scores of transformers' beam search.

Models without a network (two tables of scores) with random vocabularies, batches, settings and rules; exported decoders. SCONCE_FIXTURES adds the
searches that are recorded there.
"""
import json
import os
import random
import warnings

import numpy as np
import torch
from executorch.runtime import Runtime
from safetensors.torch import load_file
from embedded import vector as numbers
from goldens import COMMITTED
from support import folder, note, sconce
from table_models import TableModel, Tables, request
from transformers import AutoModelForCausalLM, GenerationConfig, logging

SEED = int(os.environ.get("SCONCE_SEED", "3"))
MODELS = int(os.environ.get("SCONCE_CASES", "24"))
SEARCHES = 12
LIVE = -1e8  # below are beams that are out of the race, whose order torch leaves open
EARLY = {False: 0, True: 1, "never": 2}
warnings.simplefilter("ignore")
logging.set_verbosity_error()


def transformers_beams(model, ids, config, mask=None):
    model.generation_config = GenerationConfig()
    settings = GenerationConfig(**config, use_cache=mask is not None, return_dict_in_generate=True, output_scores=True)
    mask = mask or [[1] * len(row) for row in ids]
    with torch.no_grad():
        found = model.generate(torch.tensor(ids), generation_config=settings, attention_mask=torch.tensor(mask))
    count = config.get("num_return_sequences", 1)
    return found.sequences.view(len(ids), count, -1).tolist(), found.sequences_scores.view(len(ids), count).tolist()


def vector(config):
    early = {"early_stopping": EARLY.get(config["early_stopping"], config["early_stopping"])} if "early_stopping" in config else {}
    return torch.tensor(numbers({**config, **early}), dtype=torch.float32)


def program_beams(method, ids, config, eos, steps, mask=None):
    mask = mask or [[1] * len(row) for row in ids]
    inputs = [torch.tensor(ids), torch.tensor(mask), torch.tensor([0]), vector(config), torch.tensor(eos, dtype=torch.int64), torch.tensor([steps])]
    sequences, scores, lengths = method.execute(inputs)
    return sequences.tolist(), scores.tolist(), lengths.tolist()


def difference(theirs, ours):
    """What is wrong, or None; and how many sequences were compared."""
    (sequences, scores), (found, found_scores, lengths) = theirs, ours
    compared = 0
    alive = all(score > LIVE for row in scores for score in row)
    if alive and np.array(sequences).tolist() != found:
        return "sequences %s instead of %s" % (found, sequences), 0
    for row, expected in enumerate(scores):
        for place, score in enumerate(expected):
            if score <= LIVE:
                continue
            compared += 1
            if abs(found_scores[row][place] - score) > 1e-4 * max(1, abs(score)):
                return "score %s instead of %s" % (found_scores[row][place], score), compared
            length = lengths[row][place]
            if found[row][place][:length] != sequences[row][place][:length]:
                return "sequence %s instead of %s" % (found[row][place], sequences[row][place]), compared
    return None, compared


def tied(theirs, ours):
    """Whether all scores agree, so that sequences that differ are of one score, whose order rounding decides."""
    return np.allclose(theirs[1], ours[1], rtol=1e-6, atol=1e-6)


def export(requests):
    tables = Tables()
    for each in requests:
        tables.export(each)


BAKED = {
    "sequence_bias": lambda r, v: [[[r.randrange(v)], 1.5], [[r.randrange(v), r.randrange(v)], -4.0]],
    "bad_words_ids": lambda r, v: [[r.randrange(v)], [r.randrange(v), r.randrange(v)]],
    "suppress_tokens": lambda r, v: r.sample(range(v), 2),
    "begin_suppress_tokens": lambda r, v: r.sample(range(v), 2),
    "forced_bos_token_id": lambda r, v: r.randrange(v),
    "forced_eos_token_id": lambda r, v: r.randrange(v),
    "remove_invalid_values": lambda r, v: True,
}
# Without encoder_repetition_penalty, which transformers applies to the first beams of the batch only, as many as there are prompts.
GIVEN = {
    "repetition_penalty": [1.3, 0.8],
    "no_repeat_ngram_size": [1, 2, 3],
    "encoder_no_repeat_ngram_size": [2],
    "min_length": [3, 7],
    "min_new_tokens": [2, 5],
    "renormalize_logits": [True],
}


def random_model(rng, generator):
    vocabulary = rng.choice([9, 17, 40, 700])
    a, b = torch.randn(vocabulary, vocabulary, generator=generator) * 2, torch.randn(vocabulary, vocabulary, generator=generator)
    baked = {name: make(rng, vocabulary) for name, make in BAKED.items() if rng.random() < 0.2}
    if rng.random() < 0.7:
        baked["pad_token_id"] = rng.choice([0, 0, 1, 5])
    return a, b, baked


def random_search(rng, vocabulary, batch, beams, capacity):
    count = rng.randint(2, beams)
    config = {
        "num_beams": count, "num_return_sequences": rng.randint(1, count), "length_penalty": rng.choice([1.0, 1.0, 0.6, 1.4, -1.0, 0.0]),
        "early_stopping": rng.choice([False, True, "never"]),
    }
    config.update({name: rng.choice(values) for name, values in GIVEN.items() if rng.random() < 0.15})
    length = rng.randint(1, 5)
    ids = [[rng.randrange(vocabulary) for _ in range(length)] for _ in range(rng.randint(1, batch))]
    return ids, config, [rng.randrange(vocabulary) for _ in range(rng.choice([0, 1, 1, 2, 3]))], rng.randint(1, capacity - length)


def compare_random():
    rng, generator = random.Random(SEED), torch.Generator().manual_seed(SEED)
    where, models = folder(), []
    for number in range(MODELS):
        a, b, baked = random_model(rng, generator)
        batch, beams = rng.choice([1, 1, 3]), rng.randint(2, 6)
        models.append((a, b, request(where, number, a, b, baked=baked, batch=batch, beams=beams, capacity=20, recipe=rng.choice(["portable", "xnnpack"]))))
    export([r for _, _, r in models])
    wrong, compared, searches, ties = [], 0, 0, 0
    for a, b, r in models:
        method = Runtime.get().load_program(r["file"]).load_method("generate_beam")
        for _ in range(SEARCHES):
            ids, config, eos, steps = random_search(rng, len(a), r["batch"], r["beams"], r["capacity"])
            off = [name for name in BAKED if name in r["baked"] and rng.random() < 0.2]  # lists that the call does without
            full = {**r["baked"], **config, "max_new_tokens": steps, "eos_token_id": eos or None, **dict.fromkeys(off)}
            theirs = transformers_beams(TableModel(a, b).eval(), ids, full)
            ours = program_beams(method, ids, {**config, "max_length": 0, **dict.fromkeys(off, 0)}, eos, steps)
            problem, count = difference(theirs, ours)
            compared, searches = compared + count, searches + 1
            if problem and tied(theirs, ours):
                ties += 1
            elif problem:
                wrong.append("%s ids %s: %s" % (full, ids, problem))
    assert not wrong, "%d of %d searches differ (seed %d):\n%s" % (len(wrong), searches, SEED, "\n".join(wrong[:5]))
    assert compared > searches and ties <= max(2, searches // 100), (compared, searches, ties)
    note("%d random searches, %d sequences, find what transformers finds; in %d others sequences are of one score" % (searches - ties, compared, ties))


def compare_recorded(fixtures):
    with open(os.path.join(fixtures, "generation", "search.json")) as file:
        vectors = [v for v in json.load(file)["vectors"] if v["generation_config"].get("num_beams", 1) > 1]
    tables = load_file(os.path.join(fixtures, "generation", "search.safetensors"))
    lists = [*BAKED, "pad_token_id"]
    where, files = folder(), {}
    for v in vectors:
        baked = {name: value for name, value in v["generation_config"].items() if name in lists}
        key = json.dumps([v["model"]["A"], v["model"]["B"], baked])
        if key not in files:
            files[key] = request(where, len(files), tables[v["model"]["A"]], tables[v["model"]["B"]], baked=baked, batch=2, beams=4, capacity=16)
        v["file"] = files[key]["file"]
    export(list(files.values()))
    methods = {}
    for number, v in enumerate(vectors):
        config = v["generation_config"]
        if v["file"] not in methods:
            methods[v["file"]] = Runtime.get().load_program(v["file"]).load_method("generate_beam")
        rows, count = len(v["input_ids"]), config.get("num_return_sequences", 1)
        theirs = np.array(v["sequences"]).reshape(rows, count, -1).tolist(), np.array(v["sequences_scores"]).reshape(rows, count).tolist()
        given = {name: value for name, value in config.items() if name not in (*lists, "eos_token_id", "max_new_tokens")}
        problem, _ = difference(theirs, program_beams(methods[v["file"]], v["input_ids"], given, config["eos_token_id"], config["max_new_tokens"]))
        assert problem is None, "recorded search %d, %s: %s" % (number, config, problem)
    assert vectors
    note("%d recorded searches" % len(vectors))


CONFIGURATIONS = [
    {"num_beams": 3},
    {"num_beams": 3, "length_penalty": 0.6, "early_stopping": True, "num_return_sequences": 2},
    {"num_beams": 2, "repetition_penalty": 1.3, "no_repeat_ngram_size": 2, "early_stopping": "never"},
]


def compare_decoders():
    """Exported decoders: caches follow the beams, past sliding windows, padded or not."""
    searches, generator = 0, torch.Generator().manual_seed(SEED)
    for name, recipe, batch in (("llama_bf16_sharded", "portable", 3), ("llama_bf16_sharded", "xnnpack", 1), ("gemma2", "xnnpack", 1), ("gemma2", "portable", 3)):
        where, path = os.path.join(COMMITTED, name), os.path.join(folder(), "model.pte")
        sconce("export", where, "-o", path, "--recipe", recipe, "--batch", batch, "--beams", 3, "--max_seq_len", 64)
        model = AutoModelForCausalLM.from_pretrained(where, dtype=torch.float32, attn_implementation="eager").eval()
        method = Runtime.get().load_program(path).load_method("generate_beam")
        for lengths in ([5], [17], [3, 9, 6]):
            if len(lengths) > batch:
                continue
            rows = [torch.randint(3, model.config.vocab_size, (n,), generator=generator).tolist() for n in lengths]
            for width in (max(lengths), max(lengths) + 3):
                ids = [[0] * (width - len(row)) + row for row in rows]
                mask = [[0] * (width - len(row)) + [1] * len(row) for row in rows]
                for config in CONFIGURATIONS:
                    full = {**config, "max_new_tokens": 24, "eos_token_id": [2, 72], "pad_token_id": 0}
                    theirs = transformers_beams(model, ids, full, mask)
                    problem, _ = difference(theirs, program_beams(method, ids, {**config, "max_length": 0}, [2, 72], 24, mask))
                    assert problem is None, "%s, %s, %s: %s" % (name, recipe, full, problem)
                    searches += 1
    note("%d searches of exported decoders" % searches)


def refuse(where):
    """Calls that cannot be honoured end with an error, and the next one is as before."""
    generator = torch.Generator().manual_seed(1)
    a, b = (torch.randn(9, 9, generator=generator) for _ in range(2))
    r = request(where, 0, a, b, baked={}, batch=1, beams=3, capacity=12)
    export([r])
    method = Runtime.get().load_program(r["file"]).load_method("generate_beam")
    before = program_beams(method, [[1, 2]], {}, [3], 5)
    for bad in ({"num_beams": 4}, {"num_beams": 0}, {"num_return_sequences": 4}, {"num_return_sequences": 0}, {"do_sample": 1}, {"max_length": 2}, {"early_stopping": 3},
                {"repetition_penalty": -1}):
        try:
            program_beams(method, [[1, 2]], bad, [3], 5)
        except RuntimeError:
            continue
        raise AssertionError("%s was searched" % bad)
    assert program_beams(method, [[1, 2]], {}, [3], 5) == before


refuse(folder())
compare_random()
compare_decoders()
if "SCONCE_FIXTURES" in os.environ:
    compare_recorded(os.environ["SCONCE_FIXTURES"])
