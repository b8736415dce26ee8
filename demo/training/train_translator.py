#!/usr/bin/env python
"""Trains demo/translator: a T5 that translates numbers, dates and short sentences around them between English, German and French.

    train_translator.py            train (continues from the work folder if it was interrupted), store, measure
    train_translator.py --check    measure the stored checkpoint again; exit code 1 below 99 % exact match

The corpus is made on the fly by number_words.py; inputs for the measurement are held back by value.
"""

import argparse
import random
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, decoders, processors, trainers
from transformers import AutoTokenizer, T5Config, T5ForConditionalGeneration

import number_words as grammar
from common import save_checkpoint, train, write_json

SEED = 20260701
PAD, EOS, UNK = 0, 1, 2
VOCABULARY = 384
STEPS = 4000
BATCH = 96
PEAK = 3e-3
FOLDER = Path(__file__).resolve().parent.parent / "translator"


def make_tokenizer():
    rng = random.Random(SEED)
    corpus = []
    for _ in range(12000):
        _, source, target = grammar.pair(rng)
        corpus += [source, target]
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace("’", "'")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.train_from_iterator(corpus, trainers.UnigramTrainer(
        vocab_size=VOCABULARY, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", max_piece_length=12, show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", EOS)])
    assert [tokenizer.token_to_id(t) for t in ("<pad>", "</s>", "<unk>")] == [PAD, EOS, UNK]
    FOLDER.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(FOLDER / "tokenizer.json"))
    write_json(FOLDER / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>",
        "model_max_length": 512, "clean_up_tokenization_spaces": False})
    return tokenizer


def make_model(vocabulary):
    torch.manual_seed(SEED)
    return T5ForConditionalGeneration(T5Config(
        architectures=["T5ForConditionalGeneration"],
        vocab_size=vocabulary, d_model=128, d_kv=32, num_heads=4, d_ff=384, num_layers=3, num_decoder_layers=3,
        relative_attention_num_buckets=16, relative_attention_max_distance=48, dropout_rate=0.0, feed_forward_proj="relu",
        pad_token_id=PAD, eos_token_id=EOS, decoder_start_token_id=PAD, tie_word_embeddings=True))


def padded(rows, fill):
    width = max(map(len, rows))
    return torch.tensor([r + [fill] * (width - len(r)) for r in rows])


def batches(tokenizer):
    def batch_of(step):
        rng = random.Random(SEED * 1000003 + step)
        pairs = [grammar.pair(rng) for _ in range(BATCH)]
        sources = [e.ids for e in tokenizer.encode_batch([p[1] for p in pairs])]
        targets = [e.ids for e in tokenizer.encode_batch([p[2] for p in pairs])]
        ids = padded(sources, PAD)
        return {"input_ids": ids, "attention_mask": (ids != PAD).long(), "labels": padded(targets, -100)}
    return batch_of


def measure(folder, count, show=8):
    """Exact match of greedy decoding from the stored float16 weights (computed in float32) on held-back inputs."""
    model = T5ForConditionalGeneration.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    rng = random.Random(SEED + 1)
    pairs = [grammar.pair(rng, held=True) for _ in range(count)]
    right, total, wrong = {}, {}, []
    for start in range(0, count, 250):
        part = pairs[start:start + 250]
        batch = tokenizer([p[1] for p in part], return_tensors="pt", padding=True)
        with torch.no_grad():
            out = model.generate(input_ids=batch.input_ids, attention_mask=batch.attention_mask, do_sample=False, num_beams=1)
        for (kind, source, target), text in zip(part, tokenizer.batch_decode(out, skip_special_tokens=True)):
            total[kind] = total.get(kind, 0) + 1
            if text == target:
                right[kind] = right.get(kind, 0) + 1
            else:
                wrong.append((source, target, text))
    for source, target, text in wrong[:show]:
        print(f"  {source}\n    expected {target}\n    found    {text}")
    for kind in sorted(total):
        print(f"  {kind:<7} {right.get(kind, 0)}/{total[kind]}")
    share = sum(right.values()) / count
    print(f"exact match on {count} held-back inputs: {100 * share:.2f} %", flush=True)
    return share


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="measure the stored checkpoint only")
    parser.add_argument("--work", type=Path, default=Path("target/demo-training/translator"), help="folder of the interrupted state")
    parser.add_argument("--count", type=int, default=3000, help="held-back inputs to measure on")
    args = parser.parse_args()
    torch.set_num_threads(1)
    if not args.check:
        tokenizer = make_tokenizer()
        model = make_model(tokenizer.get_vocab_size())
        print(f"{sum(p.numel() for p in model.parameters())} parameters, {tokenizer.get_vocab_size()} pieces", flush=True)
        minutes = train(model, batches(tokenizer), STEPS, PEAK, args.work)
        size = save_checkpoint(model, FOLDER, drop=("encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"))
        write_json(FOLDER / "generation_config.json", {
            "decoder_start_token_id": PAD, "eos_token_id": EOS, "pad_token_id": PAD, "max_new_tokens": 64})
        print(f"trained in {minutes:.1f} CPU minutes; {size} bytes in {FOLDER.name}", flush=True)
    share = measure(FOLDER, args.count)
    sys.exit(0 if share >= 0.99 else 1)


if __name__ == "__main__":
    main()
