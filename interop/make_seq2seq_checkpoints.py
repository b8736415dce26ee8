"""Makes the tiny encoder-decoder checkpoints with golden outputs of transformers that the default test suite exports.

usage: make_seq2seq_checkpoints.py [FOLDER]     default: export/src/test/resources/checkpoints

Weights are random. Sizes are prime or unrelated, norms and biases far from their defaults, so that a wrong factor, offset or
order of norms shows. The format is that of goldens.py. Searches are drawn until noise on the weights does not change them.
"""
import copy
import json
import os
import shutil
import sys

os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoModelForSeq2SeqLM, CONFIG_MAPPING, GenerationConfig

HERE = os.path.dirname(os.path.abspath(__file__))
VOCABULARY = 31
T5 = dict(vocab_size=VOCABULARY, d_model=10, d_kv=3, d_ff=14, num_heads=4, num_layers=2, num_decoder_layers=1, layer_norm_epsilon=3e-3,
          relative_attention_num_buckets=8, relative_attention_max_distance=11, decoder_start_token_id=0)
BART = dict(vocab_size=VOCABULARY, d_model=12, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2, decoder_attention_heads=3,
            encoder_ffn_dim=10, decoder_ffn_dim=14, max_position_embeddings=24)
MODELS = {
    "t5_tiny": ("t5", dict(T5, feed_forward_proj="relu")),
    "umt5_tiny": ("umt5", T5),
    "marian_tiny": ("marian", dict(BART, activation_function="swish", scale_embedding=True, pad_token_id=30, decoder_start_token_id=30,
                                   eos_token_id=0, forced_eos_token_id=0)),
    "bart_tiny": ("bart", dict(BART, activation_function="gelu", eos_token_id=2, decoder_start_token_id=2)),
    "m2m_100_tiny": ("m2m_100", dict(BART, encoder_layerdrop=0.0, decoder_layerdrop=0.0)),
}
SEARCHES = [
    dict(max_new_tokens=10),
    dict(max_new_tokens=9, num_beams=2, length_penalty=0.7, early_stopping=True, num_return_sequences=2),
    dict(max_new_tokens=9, num_beams=3, length_penalty=1.4, early_stopping=False, no_repeat_ngram_size=2),
]


def randomize(model, generator):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "embed_positions" in name and not parameter.requires_grad:
                continue
            noise = torch.randn(parameter.shape, generator=generator)
            if "norm" in name and name.endswith("weight"):
                parameter.copy_(torch.rand(parameter.shape, generator=generator) + 0.5)
            elif parameter.dim() == 1:
                parameter.copy_(0.2 * noise)
            else:
                parameter.copy_((0.3 if "shared" in name else 0.5) * noise)
        if hasattr(model, "final_logits_bias"):
            model.final_logits_bias.copy_(torch.randn(model.final_logits_bias.shape, generator=generator))


def batch(generator, lengths, config):
    ids = torch.full((len(lengths), max(lengths)), config.pad_token_id)
    mask = torch.zeros_like(ids)
    for row, length in enumerate(lengths):
        ids[row, :length] = torch.randint(3, VOCABULARY - 1, (length,), generator=generator)
        mask[row, :length] = 1
    return ids, mask


def search(model, ids, mask, settings):
    config = GenerationConfig(do_sample=False, return_dict_in_generate=True, output_scores=True, **{"num_beams": 1, **settings})
    # What a call does not set, transformers takes from here.
    model.generation_config = copy.deepcopy(config)
    with torch.no_grad():
        return model.generate(input_ids=ids, attention_mask=mask, generation_config=config)


def stable(model, ids, mask, settings, found, generator):
    """Whether noise a hundred times larger than the differences between runtimes leaves the sequences as they are."""
    for _ in range(3):
        noisy = copy.deepcopy(model)
        with torch.no_grad():
            for parameter in noisy.parameters():
                parameter.mul_(1 + 1e-4 * torch.randn(parameter.shape, generator=generator))
        if not torch.equal(search(noisy, ids, mask, settings).sequences, found.sequences):
            return False
    return True


def make(where, kind, settings, seed):
    generator = torch.Generator().manual_seed(seed)
    config = CONFIG_MAPPING[kind](**settings)
    model = AutoModelForSeq2SeqLM.from_config(config, attn_implementation="eager").eval()
    randomize(model, generator)
    shutil.rmtree(where, ignore_errors=True)
    model.generation_config = GenerationConfig(
        decoder_start_token_id=config.decoder_start_token_id, eos_token_id=config.eos_token_id, pad_token_id=config.pad_token_id,
        max_length=24, num_beams=3)
    model.save_pretrained(where)
    if kind == "t5":
        # Published files lack the key, and its absence is what says that logits are scaled.
        path = os.path.join(where, "config.json")
        with open(path) as file:
            saved = json.load(file)
        saved.pop("tie_word_embeddings", None)
        with open(path, "w") as file:
            json.dump(saved, file, indent=1, sort_keys=True)
    model = AutoModelForSeq2SeqLM.from_pretrained(where, attn_implementation="eager").eval()
    config, cases, arrays = model.config, [], {}
    start = config.decoder_start_token_id
    for name, lengths, target in (("one", [1], 1), ("batch", [7, 3], 8)):
        ids, mask = batch(generator, lengths, config)
        given = torch.cat([torch.full((len(lengths), 1), start), torch.randint(3, VOCABULARY - 1, (len(lengths), target), generator=generator)], 1)
        with torch.no_grad():
            hidden = model.get_encoder()(input_ids=ids, attention_mask=mask).last_hidden_state
            logits = model(input_ids=ids, attention_mask=mask, decoder_input_ids=given, use_cache=False).logits
        inputs = {"input_ids": ids.tolist(), "attention_mask": mask.tolist()}
        arrays[name], arrays[name + "_logits"] = hidden.contiguous(), logits.contiguous()
        cases.append({"id": name, "op": "encoder", "inputs": inputs, "outputs": {"last_hidden_state": name}})
        cases.append({"id": name + "_decoder", "op": "seq2seq_logits", "inputs": {**inputs, "decoder_input_ids": given.tolist()},
                      "outputs": {"logits": name + "_logits"}})
    for number, wanted in enumerate(SEARCHES):
        for _ in range(400):
            ids, mask = batch(generator, [6, 4], config)
            end = [config.eos_token_id, int(torch.randint(3, VOCABULARY - 1, (1,), generator=generator))]
            settings = dict(wanted, pad_token_id=config.pad_token_id, decoder_start_token_id=start, eos_token_id=end)
            found = search(model, ids, mask, settings)
            lengths = {(row == end[1]).any().item() for row in found.sequences}
            if len(lengths) > 1 and stable(model, ids, mask, settings, found, generator):
                break
        else:
            raise SystemExit("%s: no stable search %d" % (where, number))
        outputs = {"sequences": found.sequences.tolist()}
        if wanted.get("num_beams", 1) > 1:
            arrays["search_%d" % number] = found.sequences_scores.contiguous()
            outputs["sequences_scores"] = "search_%d" % number
        cases.append({"id": "search_%d" % number, "op": "generate",
                      "inputs": {"input_ids": ids.tolist(), "attention_mask": mask.tolist(), **settings}, "outputs": outputs})
    save_file(arrays, os.path.join(where, "goldens.safetensors"))
    with open(os.path.join(where, "goldens.json"), "w") as file:
        head = {"format": "hf-goldens/1", "name": os.path.basename(where), "model_type": kind, "kind": "seq2seq",
                "class": type(model).__name__, "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
                "tolerance": {"rule": "max|got-want| <= tol*max(1,max|want|)", "tol": 2e-4}, "cases": cases}
        json.dump(head, file, separators=(",", ":"))


top = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "../export/src/test/resources/checkpoints")
for seed, (name, (kind, settings)) in enumerate(MODELS.items()):
    make(os.path.join(top, name), kind, settings, 11 + seed)
    print(name, sum(os.path.getsize(os.path.join(top, name, f)) for f in os.listdir(os.path.join(top, name))))
