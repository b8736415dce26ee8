"""Random small models of the supported families, as transformers writes them: configurations, weights and how they are stored."""
import json
import os

import torch
import transformers

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
ACTIVATIONS = ["silu", "gelu", "gelu_pytorch_tanh", "relu"]


def even(random, low, high):
    return 2 * random.randint((low + 1) // 2, high // 2)


def rope(random, head_dim, positions):
    """Returns rope_parameters of a random kind."""
    kind = random.choice(["default", "default", "linear", "dynamic", "yarn", "llama3", "longrope"])
    found = dict(rope_type=kind, rope_theta=random.choice([500.0, 10000.0, 500000.0]))
    if kind in ("linear", "dynamic", "yarn"):
        found["factor"] = random.choice([1.5, 2.0, 4.0])
    if kind == "yarn":
        found["original_max_position_embeddings"] = max(4, positions // 3)
        if random.random() < 0.3:
            found["attention_factor"] = random.choice([0.8, 1.2])
        if random.random() < 0.3:
            found.update(beta_fast=random.choice([16.0, 24.0]), beta_slow=random.choice([1.0, 2.0]))
    if kind == "llama3":
        found.update(factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=max(4, positions // 2))
    if kind == "longrope":
        half = head_dim // 2
        found.update(short_factor=[random.uniform(1, 2) for _ in range(half)], long_factor=[random.uniform(2, 5) for _ in range(half)],
                     original_max_position_embeddings=max(4, positions // 3))
        if random.random() < 0.5:
            found["factor"] = 2.0
    return found


def decoder(random):
    """Keys that decoders with grouped heads share."""
    groups = random.choice([1, 1, 2, 3])
    heads = groups * random.choice([1, 2, 3, 4])
    head_dim = random.choice([4, 6, 8, 10, 16, 20])
    positions = random.choice([24, 40, 96, 200])
    return dict(
        hidden_size=heads * head_dim, intermediate_size=random.randint(5, 70), num_hidden_layers=random.randint(1, 3), head_dim=head_dim,
        num_attention_heads=heads, num_key_value_heads=groups, vocab_size=random.randint(17, 150), max_position_embeddings=positions,
        rms_norm_eps=random.choice([1e-6, 1e-5, 1e-3]), tie_word_embeddings=random.random() < 0.5, pad_token_id=0, bos_token_id=1, eos_token_id=2,
        rope_parameters=rope(random, head_dim, positions),
    )


def other_width(random, keys):
    """Returns a width that is not that of all heads; transformers wants a multiple of their number."""
    return keys["num_attention_heads"] * random.randint(2, 19)


def llama(random):
    keys = decoder(random)
    if random.random() < 0.4:
        keys["hidden_size"] = other_width(random, keys)
    keys.update(attention_bias=random.random() < 0.3, mlp_bias=random.random() < 0.3, hidden_act=random.choice(ACTIVATIONS))
    return transformers.LlamaConfig(**keys), "LlamaForCausalLM"


def mistral(random):
    keys = decoder(random)
    return transformers.MistralConfig(**keys, sliding_window=random.choice([None, 3, 7, 16])), "MistralForCausalLM"


def qwen2(random):
    keys = decoder(random)
    slides = random.random() < 0.5
    keys.pop("head_dim")
    return transformers.Qwen2Config(**keys, use_sliding_window=slides, sliding_window=random.choice([4, 9]) if slides else None,
                                    max_window_layers=random.randint(0, 2)), "Qwen2ForCausalLM"


def qwen3(random):
    keys = decoder(random)
    keys["hidden_size"] = other_width(random, keys)
    slides = random.random() < 0.4
    return transformers.Qwen3Config(**keys, attention_bias=random.random() < 0.5, use_sliding_window=slides,
                                    sliding_window=random.choice([4, 9]) if slides else None,
                                    max_window_layers=random.randint(0, 2)), "Qwen3ForCausalLM"


def gemma2(random):
    keys = decoder(random)
    keys.update(hidden_size=other_width(random, keys), tie_word_embeddings=True, rope_parameters=dict(rope_type="default", rope_theta=10000.0))
    return transformers.Gemma2Config(
        **keys, query_pre_attn_scalar=random.choice([8, 16, 30]), sliding_window=random.choice([3, 6, 11]),
        attn_logit_softcapping=random.choice([None, 5.0, 50.0]), final_logit_softcapping=random.choice([None, 4.0, 30.0]),
        hidden_activation=random.choice(["gelu_pytorch_tanh", "gelu"])), "Gemma2ForCausalLM"


def gpt2(random):
    heads = random.randint(1, 4)
    width = heads * random.choice([5, 8, 12])
    return transformers.GPT2Config(
        n_embd=width, n_head=heads, n_layer=random.randint(1, 3), n_inner=random.choice([None, 37]), n_positions=random.choice([24, 50, 130]),
        vocab_size=random.randint(17, 150), activation_function=random.choice(["gelu_new", "gelu", "relu"]),
        scale_attn_weights=random.random() < 0.8, scale_attn_by_inverse_layer_idx=random.random() < 0.3,
        layer_norm_epsilon=random.choice([1e-5, 1e-3]), bos_token_id=1, eos_token_id=2, tie_word_embeddings=random.random() < 0.8), "GPT2LMHeadModel"


def starcoder2(random):
    keys = decoder(random)
    keys.pop("rms_norm_eps")
    keys.pop("head_dim")
    return transformers.Starcoder2Config(
        **keys, norm_epsilon=1e-5, use_bias=random.random() < 0.7, sliding_window=random.choice([None, 5, 12]),
        hidden_act=random.choice(["gelu_pytorch_tanh", "gelu"])), "Starcoder2ForCausalLM"


def encoder(random):
    heads = random.randint(1, 4)
    return dict(hidden_size=heads * random.choice([5, 8, 12]), num_attention_heads=heads, num_hidden_layers=random.randint(1, 3),
                intermediate_size=random.randint(5, 70), vocab_size=random.randint(17, 150), max_position_embeddings=random.choice([20, 40]),
                hidden_act=random.choice(["gelu", "relu", "gelu_new"]), layer_norm_eps=random.choice([1e-12, 1e-3]), pad_token_id=0)


def labelled(random, keys):
    return dict(keys, num_labels=random.randint(2, 6)) if random.random() < 0.5 else keys


def bert(random):
    keys = labelled(random, dict(encoder(random), type_vocab_size=random.randint(1, 3)))
    kind = "BertForSequenceClassification" if "num_labels" in keys else "BertForMaskedLM"
    return transformers.BertConfig(**keys), kind


def roberta(random):
    keys = labelled(random, dict(encoder(random), type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2))
    kind = "RobertaForSequenceClassification" if "num_labels" in keys else "RobertaForMaskedLM"
    return transformers.RobertaConfig(**keys), kind


def distilbert(random):
    keys = encoder(random)
    found = labelled(random, dict(dim=keys["hidden_size"], n_heads=keys["num_attention_heads"], n_layers=keys["num_hidden_layers"],
                                  hidden_dim=keys["intermediate_size"], vocab_size=keys["vocab_size"], activation=random.choice(["gelu", "relu"]),
                                  max_position_embeddings=keys["max_position_embeddings"], sinusoidal_pos_embds=random.random() < 0.3))
    kind = "DistilBertForSequenceClassification" if "num_labels" in found else "DistilBertForMaskedLM"
    return transformers.DistilBertConfig(**found), kind


def image(random):
    keys = encoder(random)
    for name in ("vocab_size", "max_position_embeddings", "pad_token_id"):
        keys.pop(name)
    patch = random.randint(2, 5)
    return dict(keys, patch_size=patch, image_size=patch * random.randint(2, 4), num_channels=random.choice([1, 3]), qkv_bias=random.random() < 0.7,
                num_labels=random.randint(2, 6))


def vit(random):
    return transformers.ViTConfig(**image(random)), "ViTForImageClassification"


def deit(random):
    return transformers.DeiTConfig(**image(random)), "DeiTForImageClassification"


def quantizable(random, group):
    """Returns what makes a random decoder anew, always the same, whose rows fall into groups."""
    keys = decoder(random)
    keys.update(hidden_size=group * random.randint(1, 2), intermediate_size=group * random.randint(1, 3), num_attention_heads=group // 8,
                num_key_value_heads=random.choice([1, 2, group // 8]), head_dim=random.choice([8, 16]), num_hidden_layers=random.randint(1, 2),
                vocab_size=2 * random.randint(20, 70), max_position_embeddings=64, tie_word_embeddings=False, attn_implementation="eager",
                rope_parameters=dict(rope_type="default", rope_theta=10000.0))
    kind = random.choice(["Llama", "Qwen3", "Mistral"])
    seed = random.randrange(1 << 30)

    def model():
        made = getattr(transformers, kind + "ForCausalLM")(getattr(transformers, kind + "Config")(**keys)).eval()
        return randomized(made, torch.Generator().manual_seed(seed), torch.float32)

    return model


FAMILIES = dict(llama=llama, mistral=mistral, qwen2=qwen2, qwen3=qwen3, gemma2=gemma2, gpt2=gpt2, starcoder2=starcoder2, bert=bert,
                roberta=roberta, distilbert=distilbert, vit=vit, deit=deit)


def randomized(model, generator, stored):
    """Gives a model weights far from their defaults that the type they are stored in can represent."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            lower = name.lower()
            if ("norm" in lower or "ln_" in lower) and lower.endswith("weight"):
                noise = 0.5 + torch.rand(parameter.shape, generator=generator)
            elif parameter.dim() == 1:
                noise = 0.3 * noise
            else:
                noise = noise * 0.5 if "embed" in lower else noise / parameter.shape[-1] ** 0.5
            parameter.copy_(noise.to(stored).float())
    return model


def old_rope(config):
    """Writes rope_parameters as releases before transformers 5 did: rope_theta, and rope_scaling if there is a kind."""
    parameters = config.pop("rope_parameters")
    config["rope_theta"] = parameters.pop("rope_theta", 10000.0)
    config["rope_scaling"] = None if parameters["rope_type"] == "default" else parameters


def make(family, random, where):
    """Writes a random checkpoint and returns its model, in float32, for answers to compare with."""
    config, kind = FAMILIES[family](random)
    config._attn_implementation = "eager"
    torch.manual_seed(random.randrange(1 << 30))
    model = getattr(transformers, kind)(config).eval()
    stored = random.choice(list(DTYPES.values()))
    randomized(model, torch.Generator().manual_seed(random.randrange(1 << 30)), stored)
    state = {name: tensor.to(stored) if tensor.is_floating_point() else tensor for name, tensor in model.state_dict().items()}
    model.save_pretrained(where, state_dict=state, max_shard_size=random.choice(["15KB", "1GB"]))
    path = os.path.join(where, "config.json")
    with open(path) as file:
        written = json.load(file)
    if isinstance(written.get("rope_parameters"), dict) and "rope_type" in written["rope_parameters"] and random.random() < 0.5:
        old_rope(written)
    with open(path, "w") as file:
        json.dump(written, file)
    return model
