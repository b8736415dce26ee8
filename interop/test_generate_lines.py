"""`sconce generate FILE --json-lines`: sequences and scores are those of transformers' generate, for random settings, prompts and padding.

Random decoders and encoder-decoders; every setting that makes a rule or steers a search, alone and combined; by host code, and by the
generation inside the program where it holds what is asked. Where float64 changes
transformers' own answer, rounding decides it and nothing is compared.
"""
import contextlib
import copy
import json
import math
import os
import random
import warnings

import torch
from generation_settings import RULES, sometimes_bare, tokens
from support import Lines, folder, note, sconce
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (BartConfig, BartForConditionalGeneration, GenerationConfig, LlamaConfig, LlamaForCausalLM, MarianConfig, MarianMTModel,
                          PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration)
from transformers.utils import logging

SEED = int(os.environ.get("SCONCE_SEED", "5"))
CASES = int(os.environ.get("SCONCE_CASES", "80"))
VOCABULARY = 41
PAD, EOS, START = 0, 2, 3
warnings.simplefilter("ignore")
logging.set_verbosity_error()
SIZES = dict(vocab_size=VOCABULARY, d_model=12, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2, decoder_attention_heads=2,
             encoder_ffn_dim=16, decoder_ffn_dim=16, max_position_embeddings=64, pad_token_id=PAD, eos_token_id=EOS, decoder_start_token_id=START,
             bos_token_id=1, forced_eos_token_id=None, forced_bos_token_id=None)


def checkpoints():
    yield "llama", LlamaForCausalLM(LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=12, intermediate_size=16, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
        max_position_embeddings=64, pad_token_id=PAD, eos_token_id=EOS, bos_token_id=1))
    yield "t5", T5ForConditionalGeneration(T5Config(
        vocab_size=VOCABULARY, d_model=12, d_kv=5, d_ff=16, num_layers=1, num_decoder_layers=1, num_heads=3, pad_token_id=PAD, eos_token_id=EOS,
        decoder_start_token_id=START))
    yield "marian", MarianMTModel(MarianConfig(activation_function="swish", scale_embedding=True, **SIZES))
    yield "bart", BartForConditionalGeneration(BartConfig(**SIZES))


def save(model, where, generator):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" not in name and parameter.requires_grad:
                parameter.copy_((0.25 if "shared" in name else 0.6) * torch.randn(parameter.shape, generator=generator))
    model.generation_config = GenerationConfig()
    model.save_pretrained(where)
    # A letter for each token, so that stop strings have texts to look at.
    pieces = ["<pad>", "<s>", "</s>", "<start>"] + [chr(ord("A") + i) if i < 26 else chr(ord("a") + i - 26) for i in range(VOCABULARY - 4)]
    tokenizer = Tokenizer(models.BPE(vocab={piece: i for i, piece in enumerate(pieces)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(pieces[:4])
    tokenizer.save(os.path.join(where, "tokenizer.json"))
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", bos_token="<s>", eos_token="</s>")


def case(rng, seq2seq):
    few = rng.randint(4, VOCABULARY)  # so that n-grams repeat
    count = rng.choice([1, 1, 2, 3])
    lengths = [rng.choice([1, 2, 5, 9]) for _ in range(count)]
    rows, mask = [], []
    for length in lengths:
        row, padding = [rng.randrange(3, few) for _ in range(length)], max(lengths) - length
        rows.append(row + [PAD] * padding if seq2seq else [PAD] * padding + row)
        mask.append([1] * length + [0] * padding if seq2seq else [0] * padding + [1] * length)
    config = {"do_sample": False}
    chance = rng.choice([0.0, 0.1, 0.3])
    names = list(RULES)
    for name in sorted({n for n in names if rng.random() < chance} | ({rng.choice(names)} if rng.random() < 0.7 else set())):
        config[name] = RULES[name](rng, VOCABULARY)
    if rng.random() < 0.9 or "exponential_decay_length_penalty" in config:
        config["eos_token_id"] = sometimes_bare(rng, tokens(rng, VOCABULARY))
    if rng.random() < 0.9:
        config["pad_token_id"] = PAD
    if rng.random() < 0.5:
        config["num_beams"] = rng.choice([2, 3, 5])
        if rng.random() < 0.5:
            config["num_return_sequences"] = rng.randint(1, config["num_beams"])
    # Those of beams are without effect elsewhere.
    if rng.random() < 0.4:
        config["early_stopping"] = rng.choice([True, False, "never"])
    if rng.random() < 0.4:
        config["length_penalty"] = rng.choice([-1.0, 0.0, 0.5, 1.0, 2.0])
    if rng.random() < 0.2:
        config["stop_strings"] = [rng.choice("ABCDEFGHIJKL") + rng.choice(["", "M", "Q"]) for _ in range(rng.randint(1, 3))]
    length = rng.random()
    if length < 0.7:
        config["max_new_tokens"] = max(rng.choice([1, 2, 7, 12]), config.get("min_new_tokens", 0))
    elif length < 0.9:
        config["max_length"] = max((1 if seq2seq else max(lengths)) + rng.randint(1, 12), config.get("min_length", 0))
    request = {"input_ids": rows, "attention_mask": mask, "defaults": False}
    if seq2seq:
        if rng.random() < 0.4:
            width = rng.choice([1, 2, 4])
            request["decoder_input_ids"] = [[rng.randrange(3, few) for _ in range(width)] for _ in rows]
        config["decoder_start_token_id"] = rng.randrange(VOCABULARY)
        if "max_length" in config:
            config["max_length"] += len(request.get("decoder_input_ids", [[]])[0])
    if config.get("num_beams", 1) > 1:
        # Transformers does not repeat its sources for the beams: the penalty falls on the first rows only, whatever they belong to.
        config.pop("encoder_repetition_penalty", None)
        # Forced tokens have equal scores, whose order torch leaves open.
        if isinstance(config.get("forced_eos_token_id"), list):
            config["forced_eos_token_id"] = config["forced_eos_token_id"][:1]
        # On a forbidden end token the decay makes a NaN, which torch takes for the greatest score.
        if "exponential_decay_length_penalty" in config:
            for name in ("min_length", "min_new_tokens", "suppress_tokens", "begin_suppress_tokens", "forced_eos_token_id", "forced_bos_token_id", "bad_words_ids"):
                config.pop(name, None)
    if count == 1 and rng.random() < 0.5:
        # A prompt alone is no list of rows.
        for name in ("input_ids", "attention_mask", "decoder_input_ids"):
            if name in request:
                request[name] = request[name][0]
    return {**request, "config": config}


def official(model, tokenizer, request):
    """Returns sequences and scores: of each token, or of each sequence with beams."""
    def rows(name):
        value = request.get(name)
        return None if value is None else torch.tensor(value if isinstance(value[0], list) else [value])

    config = GenerationConfig(**request["config"], return_dict_in_generate=True, output_scores=True)
    model = copy.copy(model)
    model.generation_config = copy.deepcopy(config)
    inputs = dict(input_ids=rows("input_ids"), attention_mask=rows("attention_mask"))
    if rows("decoder_input_ids") is not None:
        inputs["decoder_input_ids"] = rows("decoder_input_ids")
    with torch.no_grad(), open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        found = model.generate(**inputs, generation_config=config, tokenizer=tokenizer)
    if config.num_beams and config.num_beams > 1:
        return found.sequences.tolist(), found.sequences_scores.tolist()
    start = found.sequences.shape[1] - len(found.scores)
    logprobs = [torch.log_softmax(step.double(), -1) for step in found.scores]
    return found.sequences.tolist(), [[float(step[r, row[start + i]]) for i, step in enumerate(logprobs)] for r, row in enumerate(found.sequences.tolist())]


def near(got, want):
    if math.isnan(want):
        return got < -1e38  # rules forbid every token
    return got == want or abs(got - want) <= 1e-3 * max(1, abs(want)) or (got < -1e38 and want == float("-inf"))


def agrees(answer, sequences, scores):
    if answer.get("sequences") != sequences:
        return False
    if not isinstance(scores[0], list):
        return len(scores) == len(answer["scores"]) and all(map(near, answer["scores"], scores))
    got = answer["scores"] if isinstance(answer["tokens"][0], list) else [answer["scores"]]
    # Finished rows have padding there, and no scores here.
    return len(got) == len(scores) and all(near(*pair) for ours, theirs in zip(got, scores) for pair in zip(ours, theirs))


def attempt(*args):
    try:
        return official(*args)
    except (ValueError, IndexError, TypeError, RuntimeError, AttributeError) as e:
        return e


def compare(kind, model, where, rng):
    tokenizer = save(model, where, torch.Generator().manual_seed(SEED))
    model = type(model).from_pretrained(where, attn_implementation="eager").eval()
    exact = copy.deepcopy(model).double()
    file = os.path.join(where, "model.pte")
    sconce("export", where, "-o", file, "--max_seq_len", 64, "--batch", 3, "--beams", 5, *([] if kind == "llama" else ["--task", "text2text-generation"]))
    lines = Lines(file)
    wrong, counts, used = [], dict(alike=0, refused=0, rounding=0, nothing=0, ties=0, inside=0), {}
    for _ in range(CASES):
        request = case(rng, kind != "llama")
        answer, theirs = lines.ask(request), attempt(model, tokenizer, request)
        if isinstance(theirs, Exception) or "error" in answer:
            if isinstance(theirs, Exception) and "error" in answer:
                counts["refused"] += 1
            else:
                wrong.append((request, theirs, answer))
            continue
        if any(map(math.isnan, theirs[1] if not isinstance(theirs[1][0], list) else [])):
            counts["nothing"] += 1  # all tokens forbidden: what beams are left has no meaning
            continue
        if agrees(answer, *theirs):
            counts["alike"] += 1
            inside = lines.ask({**request, "embedded": True})
            if agrees(inside, *theirs):
                counts["inside"] += 1
            elif "error" not in inside:
                wrong.append((request, theirs, inside))
            elif not any(limit in inside["error"] for limit in ("--generation-config", "host code can", "with beams")):
                wrong.append((request, theirs, inside))
            for name in request["config"]:
                used[name] = used.get(name, 0) + 1
            continue
        if request["config"].get("num_beams", 1) > 1 and all(abs(a - b) <= 1e-5 * max(1, abs(b)) for a, b in zip(answer["scores"], theirs[1])):
            counts["ties"] += 1  # beams of one score, whose order torch leaves open
            continue
        precise = attempt(exact, tokenizer, request)
        if not isinstance(precise, Exception) and precise[0] != theirs[0]:
            counts["rounding"] += 1
        else:
            wrong.append((request, theirs, answer))
    lines.close()
    for request, theirs, answer in wrong[:12]:
        print(kind, json.dumps(request), "\n  official", theirs, "\n  sconce  ", json.dumps(answer))
    print(kind, counts, "wrong", len(wrong))
    assert counts["rounding"] <= CASES // 10 and counts["ties"] <= CASES // 10, counts
    assert counts["alike"] >= CASES // 2 and counts["inside"] >= CASES // 8, counts
    return len(wrong), counts, used


rng = random.Random(SEED)
torch.manual_seed(SEED)
total, alike, tried = 0, 0, {}
for kind, model in checkpoints():
    failed, counts, used = compare(kind, model, folder(), rng)
    total += failed
    alike += counts["alike"]
    for name, times in used.items():
        tried[name] = tried.get(name, 0) + times
assert total == 0, "%d requests differ (seed %d)" % (total, SEED)
missing = [name for name in [*RULES, "num_beams", "early_stopping", "length_penalty", "stop_strings", "max_length"] if not tried.get(name)]
assert not missing, "never tried: %s" % missing
note("%d random requests answered as transformers does" % alike)
