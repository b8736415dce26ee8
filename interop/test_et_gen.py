"""Generation inside exported decoders: transformers' tokens from the official runtime, with nothing but `execute`.

In one call and streamed, for one row and for padded batches, past sliding windows; then a conversation of two turns, and `forward` and
`generate` of one program by turns.
"""
import os
import re

import torch
from embedded import Generate, vector
from executorch.runtime import Runtime
from goldens import COMMITTED
from support import folder, note, sconce
from transformers import AutoModelForCausalLM, GenerationConfig, logging

logging.set_verbosity_error()
HERE = os.path.dirname(os.path.abspath(__file__))
END, PAD = [2, 72], 0
SHAPES = [[5], [1], [17], [3, 9, 6], [8, 1, 20]]
RULES = {"repetition_penalty": 1.3, "no_repeat_ngram_size": 2, "min_new_tokens": 4}


def transformers_tokens(model, ids, mask, count, **rules):
    config = GenerationConfig(max_new_tokens=count, do_sample=False, eos_token_id=END, pad_token_id=PAD, **rules)
    with torch.no_grad():
        made = model.generate(torch.tensor(ids), attention_mask=torch.tensor(mask), generation_config=config)
    return made[:, len(ids[0]) :].tolist()


def padded(rows, width):
    return [[PAD] * (width - len(row)) + row for row in rows], [[0] * (width - len(row)) + [1] * len(row) for row in rows]


def compare(model, generate, batch, random):
    checked = 0
    for lengths in SHAPES:
        if len(lengths) > batch:
            continue
        rows = [torch.randint(3, model.config.vocab_size, (n,), generator=random).tolist() for n in lengths]
        for padding in (0, 3):
            ids, mask = padded(rows, max(lengths) + padding)
            count = 60 - len(ids[0])
            for rules in ({}, RULES):
                want = transformers_tokens(model, ids, mask, count, **rules)
                settings = vector({**rules, "max_length": len(ids[0]) + count})
                tokens, finished, _, _ = generate.call(ids, mask, 0, count, settings=settings, end=END)
                assert tokens == want and finished == [1] * len(rows), (lengths, padding, rules, want, tokens, finished)
                assert generate.streamed(ids, mask, count, settings=settings, end=END) == (want, finished), (lengths, padding, rules)
                checked += 1
    return checked


def two_turns(model, generate):
    first, second = [7, 31, 52], [9, 40]
    made, _, _, position = generate.call([first], [[1] * 3], 0, 10, end=[])
    config = GenerationConfig(max_new_tokens=12, do_sample=False, eos_token_id=None, pad_token_id=PAD)
    whole = first + made[0] + second
    with torch.no_grad():
        want = model.generate(torch.tensor([whole]), generation_config=config)[0, len(whole) :].tolist()
    turn = [made[0][-1]] + second
    again, _, _, _ = generate.call([turn], [[1] * 3], position, 12, end=[])
    assert again[0] == want, (want, again)


def by_turns(path):
    """Each method has a state of its own: what the other does in between changes nothing."""
    program = Runtime.get().load_program(path)
    forward, generate = program.load_method("forward"), Generate(program.load_method("generate").execute)
    ids, mask = [[11, 60, 33, 9]], [[1] * 4]
    whole = generate.call(ids, mask, 0, 12, end=[])[0]
    want = forward.execute([torch.tensor(ids), torch.arange(4)])[0].clone()
    made, position, current = [], 0, ids
    for _ in range(12):
        tokens, _, _, position = generate.call(current, [[1] * len(current[0])], position, 1, end=[])
        made += tokens[0]
        current = [tokens[0]]
        assert torch.equal(forward.execute([torch.tensor(ids), torch.arange(4)])[0], want)
    assert [made] == whole, (made, whole)


def documented(path):
    """The Python driver of the format page runs as it stands."""
    with open(os.path.join(HERE, "../docs/formats/et_gen.md")) as file:
        code = re.search(r"```python\n(.*?)```", file.read(), re.S).group(1)
    scope = {}
    exec(compile(code, "et_gen.md", "exec"), scope)
    tokens = list(scope["generate"](path, [11, 60, 33, 9], 12))
    assert tokens == Generate(path).call([[11, 60, 33, 9]], [[1] * 4], 0, 12)[0][0], tokens
    assert tokens


def run():
    random, checked = torch.Generator().manual_seed(7), 0
    for name, recipes in (("llama_bf16_sharded", ["xnnpack"]), ("gemma2", ["xnnpack", "portable"]), ("gpt2", ["xnnpack"])):
        where = os.path.join(COMMITTED, name)
        model = AutoModelForCausalLM.from_pretrained(where, dtype=torch.float32, attn_implementation="eager").eval()
        for recipe in recipes:
            for batch in (1, 3):
                path = os.path.join(folder(), "model.pte")
                sconce("export", where, "-o", path, "--recipe", recipe, "--max-seq-len", 64, "--batch", batch)
                generate = Generate(path)
                checked += compare(model, generate, batch, random)
                print(name, recipe, batch, flush=True)
                if batch == 1:
                    two_turns(model, generate)
                    by_turns(path)
                    documented(path)
    note("%d greedy generations of decoders are transformers', at once and streamed" % checked)


run()
