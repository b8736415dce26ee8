#!/usr/bin/env python
"""Trains demo/storyteller: a small Llama that tells little stories in English.

    train_storyteller.py            train (continues from the work folder if it was interrupted), store, measure
    train_storyteller.py --check    measure the stored checkpoint again; exit code 1 if a figure is outside its bound

The corpus is made on the fly by story_grammar.py. Measured on the stored float16 weights: the perplexity per token on stories from
other seeds, and of sampled stories the share that end by themselves, the share that keep to two heroes, the share of sentences that the
grammar can say (with names, colours and things replaced by a mark), and how many of the stories differ.
"""

import argparse
import math
import random
import re
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, decoders, processors, trainers
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

import story_grammar as grammar
from common import save_checkpoint, train, write_json

SEED = 20260702
PAD, BOS, EOS = 0, 1, 2
VOCABULARY = 1024
STEPS = 1500
BATCH = 32
PEAK = 2.5e-3
# transformers' 0.02 is for wide models; at this width attention would start so flat that names are never copied.
INITIAL = 0.08
FOLDER = Path(__file__).resolve().parent.parent / "storyteller"


def make_tokenizer():
    rng = random.Random(SEED)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator((grammar.story(rng) for _ in range(4000)), trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=["<pad>", "<s>", "</s>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", BOS)])
    assert [tokenizer.token_to_id(t) for t in ("<pad>", "<s>", "</s>")] == [PAD, BOS, EOS]
    FOLDER.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(FOLDER / "tokenizer.json"))
    write_json(FOLDER / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>",
        "model_max_length": 512, "clean_up_tokenization_spaces": False})
    return tokenizer


def make_model(vocabulary):
    torch.manual_seed(SEED)
    return LlamaForCausalLM(LlamaConfig(
        architectures=["LlamaForCausalLM"],
        vocab_size=vocabulary, hidden_size=128, intermediate_size=352, num_hidden_layers=4, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=512, rms_norm_eps=1e-5, initializer_range=INITIAL, tie_word_embeddings=True,
        pad_token_id=PAD, bos_token_id=BOS, eos_token_id=EOS))


def batches(tokenizer):
    def batch_of(step):
        rng = random.Random(SEED * 1000003 + step)
        rows = [e.ids + [EOS] for e in tokenizer.encode_batch([grammar.story(rng) for _ in range(BATCH)])]
        width = max(map(len, rows))
        ids = torch.tensor([r + [PAD] * (width - len(r)) for r in rows])
        return {"input_ids": ids, "labels": torch.where(ids == PAD, -100, ids)}
    return batch_of


VARIABLE = re.compile(r"\b(?:%s)\b" % "|".join(
    [h[0] for h in grammar.HEROES] + [h[1] for h in grammar.HEROES] + list(grammar.TRAITS) + list(grammar.COLOURS)
    + list(grammar.THINGS) + list(grammar.FOODS) + ["he", "she", "He", "She", "him", "her", "his", "His", "Her", "an", "a"]))


def shape(sentence):
    return VARIABLE.sub("_", sentence)


NAMES = re.compile(r"\b(?:%s)\b" % "|".join(h[0] for h in grammar.HEROES))


def sentences(text):
    return [s for s in re.split(r'(?<=[.!?"]) (?=[A-Z"])', text) if s]


def measure(folder, count):
    model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    rng = random.Random(SEED + 1)
    loss, tokens = 0.0, 0
    with torch.no_grad():
        for _ in range(100):
            ids = torch.tensor([tokenizer(grammar.story(rng)).input_ids + [EOS]])
            loss += model(input_ids=ids, labels=ids).loss.item() * (ids.shape[1] - 1)
            tokens += ids.shape[1] - 1
    perplexity = math.exp(loss / tokens)
    known = {shape(s) for _ in range(20000) for s in sentences(grammar.story(rng))}
    torch.manual_seed(SEED)
    with torch.no_grad():
        out = model.generate(torch.full((count, 1), BOS), do_sample=True, temperature=0.8, top_k=50, max_new_tokens=256)
    told = tokenizer.batch_decode(out, skip_special_tokens=True)
    ended = sum(EOS in row.tolist() for row in out) / count
    faithful = sum(len(set(NAMES.findall(t))) <= 2 for t in told) / count
    parts = [s for t in told for s in sentences(t)]
    sayable = sum(shape(s) in known for s in parts) / len(parts)
    for text in told[:4]:
        print("  " + text)
    print(f"perplexity per token {perplexity:.3f}; of {count} sampled stories {100 * ended:.1f} % end by themselves, "
          f"{100 * faithful:.1f} % keep to two heroes, {100 * sayable:.1f} % of {len(parts)} sentences are the grammar's, {len(set(told))} differ", flush=True)
    return perplexity < 2.0 and ended >= 0.98 and faithful >= 0.8 and sayable >= 0.9 and len(set(told)) >= 0.95 * count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="measure the stored checkpoint only")
    parser.add_argument("--work", type=Path, default=Path("target/demo-training/storyteller"), help="folder of the interrupted state")
    parser.add_argument("--count", type=int, default=200, help="stories to sample for the measurement")
    args = parser.parse_args()
    torch.set_num_threads(1)
    if not args.check:
        tokenizer = make_tokenizer()
        model = make_model(tokenizer.get_vocab_size())
        print(f"{sum(p.numel() for p in model.parameters())} parameters, {tokenizer.get_vocab_size()} tokens", flush=True)
        minutes = train(model, batches(tokenizer), STEPS, PEAK, args.work)
        size = save_checkpoint(model, FOLDER, drop=("lm_head.weight",))
        write_json(FOLDER / "generation_config.json", {
            "bos_token_id": BOS, "eos_token_id": EOS, "pad_token_id": PAD, "do_sample": True, "temperature": 0.8, "top_k": 50,
            "max_new_tokens": 256})
        print(f"trained in {minutes:.1f} CPU minutes; {size} bytes in {FOLDER.name}", flush=True)
    sys.exit(0 if measure(FOLDER, args.count) else 1)


if __name__ == "__main__":
    main()
