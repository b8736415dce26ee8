"""Quantised exports: the stored integers and scales are torchao's, and the official runtime computes what they mean.

A random Llama is quantised by torchao with the schemes' configurations; every packed matrix must be among the data of our
file, byte for byte. The logits must be those of a float model that has the dequantised weights and quantises the rows that
its linear layers read as XNNPACK does; where a value of these rows lies close to a rounding boundary, either side is right,
so such prompts are left out.
"""
import torch
from quantized_decoders import check
from support import note
from transformers import LlamaConfig, LlamaForCausalLM


def model():
    torch.manual_seed(7)
    config = LlamaConfig(
        hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        vocab_size=131, max_position_embeddings=64, tie_word_embeddings=False, attn_implementation="eager",
    )
    made = LlamaForCausalLM(config).eval()
    with torch.no_grad():
        for name, parameter in made.named_parameters():
            parameter.normal_(0, 0.25) if parameter.dim() == 2 else parameter.uniform_(0.5, 1.5)
    return made


torch.set_grad_enabled(False)
for linear, embedding, scales in (("8da4w", "8w", "hqq"), ("8da4w", "4w", "absmax"), ("8da8w", "8w", "hqq"), ("8da8w", "4w", "absmax")):
    count, compared, worst = check(model, linear, embedding, scales)
    assert count == 2 * 7 + 2, count
    note("%s, embedding %s, %s, groups of 32: %d matrices equal, %d prompts within %.1e" % (
        linear, embedding, scales, count, compared, worst))
