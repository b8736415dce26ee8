"""Random encoder-decoder checkpoints of transformers, and requests for them. Everything follows from a `random.Random`.

Sizes are small and odd, encoder and decoder differ in depth, heads and width, norms and biases are far from their defaults, so that a
wrong factor, offset, order or table shows.
"""
import json
import os

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSeq2SeqLM, CONFIG_MAPPING, GenerationConfig

# The families, by what tells them apart. FLAN-T5 and ByT5 are of type t5.
KINDS = ("t5", "flan-t5", "byt5", "mt5", "umt5", "marian", "bart", "mbart", "m2m_100", "pegasus")
T5_LIKE = KINDS[:5]
LONGEST = 32


def t5_config(rng, kind, round_sizes):
    heads, d_kv = (4, 8) if round_sizes else (rng.randint(1, 5), rng.randint(2, 9))
    buckets = rng.randint(4, 17)
    settings = dict(
        vocab_size=384 if kind == "byt5" else rng.randrange(29, 131, 2),
        d_model=rng.choice([32, 64]) if round_sizes else rng.randint(5, 24), d_kv=d_kv, num_heads=heads,
        d_ff=rng.choice([32, 96]) if round_sizes else rng.randint(5, 40),
        num_layers=rng.randint(2, 4) if kind == "byt5" else rng.randint(1, 3), num_decoder_layers=1 if kind == "byt5" else rng.randint(1, 3),
        layer_norm_epsilon=rng.choice([1e-6, 3e-3]), relative_attention_num_buckets=buckets,
        relative_attention_max_distance=rng.randint(buckets // 2 + 1, 40), decoder_start_token_id=0,
    )
    if kind == "t5":
        settings["feed_forward_proj"] = rng.choice(["relu", "gelu", "silu"])
    else:
        settings["feed_forward_proj"] = rng.choice(["gated-gelu", "gated-gelu", "gated-silu", "gated-relu"])
    return settings


def bart_config(rng, kind, round_sizes):
    def heads_and_width():
        if round_sizes:
            return 4, 2, rng.choice([32, 64])
        encoder, decoder = rng.choice([(1, 2), (2, 3), (3, 2), (3, 1), (2, 2)])
        return encoder, decoder, 6 * rng.randint(1, 4)

    encoder, decoder, width = heads_and_width()
    vocabulary = rng.randrange(29, 131, 2)
    pad, eos, start, bos = rng.sample(range(4), 4)
    settings = dict(
        vocab_size=vocabulary, d_model=width, encoder_layers=rng.randint(1, 3), decoder_layers=rng.randint(1, 3),
        encoder_attention_heads=encoder, decoder_attention_heads=decoder,
        encoder_ffn_dim=32 if round_sizes else rng.randint(5, 40), decoder_ffn_dim=64 if round_sizes else rng.randint(5, 40),
        activation_function=rng.choice(["relu", "gelu", "swish", "gelu_new"]), scale_embedding=rng.random() < 0.5,
        max_position_embeddings=rng.choice([LONGEST, LONGEST + 5]), pad_token_id=pad, eos_token_id=eos, decoder_start_token_id=start,
        bos_token_id=bos, forced_eos_token_id=None,
    )
    if kind == "marian" and rng.random() < 0.4:
        settings.update(share_encoder_decoder_embeddings=False, decoder_vocab_size=vocabulary + rng.choice([-6, 4]))
    return settings


def randomize(model, generator, gain):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "embed_positions" in name and not parameter.requires_grad:
                continue  # sines
            noise = torch.randn(parameter.shape, generator=generator)
            if "norm" in name and name.endswith("weight"):
                parameter.copy_(torch.rand(parameter.shape, generator=generator) + 0.5)
            elif parameter.dim() == 1:
                parameter.copy_(0.2 * noise)
            elif "embed" in name or "shared" in name:
                parameter.copy_(0.4 * noise)
            elif "relative" in name:
                parameter.copy_(noise)
            else:
                parameter.copy_(gain / parameter.shape[-1] ** 0.5 * noise)
        if hasattr(model, "final_logits_bias"):
            model.final_logits_bias.copy_(torch.randn(model.final_logits_bias.shape, generator=generator))


def checkpoint(rng, kind, where, round_sizes=False):
    """Makes a checkpoint and returns the model that transformers reads from it, and the settings it was made by."""
    t5 = kind in T5_LIKE
    model_type = "t5" if kind in ("flan-t5", "byt5") else kind
    settings = (t5_config if t5 else bart_config)(rng, kind, round_sizes)
    config = CONFIG_MAPPING[model_type](**settings)
    generator = torch.Generator().manual_seed(rng.randrange(1 << 30))
    model = AutoModelForSeq2SeqLM.from_config(config, attn_implementation="eager").eval()
    # T5's scores are not divided by the root of the width: its weights are smaller by as much.
    randomize(model, generator, 0.9 if t5 else 1.6)
    model.generation_config = GenerationConfig()
    model.save_pretrained(where)
    if t5 and kind != "umt5":
        untied = kind in ("flan-t5", "byt5", "mt5") and rng.random() < 0.7
        settings["untied"] = untied
        path, weights = os.path.join(where, "config.json"), os.path.join(where, "model.safetensors")
        with open(path) as file:
            saved = json.load(file)
        # Published files of T5 lack the key, and those of its successors say false, which tells whether logits are scaled.
        # Files that transformers 5 writes say true for all, and have a key of their own for the scale.
        saved.pop("scale_decoder_outputs", None)
        if kind != "mt5" and rng.random() < 0.5:
            saved["scale_decoder_outputs"] = settings["scaled"] = not untied if rng.random() < 0.8 else untied
        elif untied or kind == "flan-t5":
            saved["tie_word_embeddings"] = False
        else:
            saved.pop("tie_word_embeddings")
        if untied:
            tensors = load_file(weights)
            tensors["lm_head.weight"] = torch.randn(tensors["shared.weight"].shape, generator=generator)
            save_file(tensors, weights, metadata={"format": "pt"})
        with open(path, "w") as file:
            json.dump(saved, file, indent=1, sort_keys=True)
    return AutoModelForSeq2SeqLM.from_pretrained(where, attn_implementation="eager").eval(), {"kind": kind, **settings}


def sources(rng, config, rows):
    """Returns ids and masks of sources of different lengths, padded behind."""
    pad = config.pad_token_id or 0
    lengths = [rng.choice([1, 2, 3, 7, 12]) for _ in range(rows)]
    width = max(lengths) + rng.choice([0, 0, 2])

    ids = [[rng.randrange(config.vocab_size) for _ in range(n)] + [pad] * (width - n) for n in lengths]
    return ids, [[1] * n + [0] * (width - n) for n in lengths]


def vocabulary(config):
    """Returns the size of the decoder's vocabulary."""
    return getattr(config, "decoder_vocab_size", None) or config.vocab_size


def request(rng, config, rows, beams):
    """Returns the inputs of a search by the names that transformers' `generate` has for them."""
    ids, mask = sources(rng, config, rows)
    inputs = {
        "input_ids": ids, "attention_mask": mask, "decoder_start_token_id": config.decoder_start_token_id, "pad_token_id": config.pad_token_id or 0,
        "eos_token_id": [rng.randrange(vocabulary(config)) for _ in range(rng.randint(1, 3))], "max_new_tokens": rng.randint(2, 20),
    }
    for name, values in {"repetition_penalty": [1.3], "no_repeat_ngram_size": [2, 3], "min_new_tokens": [3], "encoder_no_repeat_ngram_size": [2]}.items():
        if rng.random() < 0.2:
            inputs[name] = min(rng.choice(values), inputs["max_new_tokens"]) if name == "min_new_tokens" else rng.choice(values)
    if beams > 1:
        inputs.update(num_beams=beams, num_return_sequences=rng.randint(1, beams), length_penalty=rng.choice([1.0, 0.6, 1.5]),
                      early_stopping=rng.choice([False, True, "never"]))
    return inputs


def generate(model, inputs):
    """Returns transformers' sequences, and the scores of beams or None."""
    settings = {k: v for k, v in inputs.items() if k not in ("input_ids", "attention_mask")}
    model.generation_config = GenerationConfig()
    if getattr(model.config, "num_decoder_layers", 0) > getattr(model.config, "num_layers", 0):
        settings["use_cache"] = False  # transformers makes T5's cache by the encoder's number of layers
    with torch.no_grad():
        found = model.generate(
            torch.tensor(inputs["input_ids"]), attention_mask=torch.tensor(inputs["attention_mask"]),
            generation_config=GenerationConfig(do_sample=False, return_dict_in_generate=True, output_scores=True, **{"num_beams": 1, **settings}))
    return found.sequences.tolist(), found.sequences_scores.tolist() if inputs.get("num_beams", 1) > 1 else None
