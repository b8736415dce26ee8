"""Writes a random T5 checkpoint of t5-small's shape, for speed measurements."""
import argparse

import torch
from transformers import GenerationConfig, T5Config, T5ForConditionalGeneration

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("out", help="the folder to be made")
out = parser.parse_args().out
torch.manual_seed(0)
config = T5Config(vocab_size=32128, d_model=512, d_kv=64, d_ff=2048, num_layers=6, num_decoder_layers=6, num_heads=8,
                  relative_attention_num_buckets=32, dropout_rate=0.0, feed_forward_proj="relu", pad_token_id=0, eos_token_id=1,
                  decoder_start_token_id=0)
model = T5ForConditionalGeneration(config).eval()
model.generation_config = GenerationConfig(decoder_start_token_id=0, eos_token_id=1, pad_token_id=0)
model.save_pretrained(out)
