"""ExecuTorch's own TextLLMRunner generates from an exported Llama with its tokenizer.

Without llama's custom operators, which the wheel's runner is built without; the tokenizer knows ASCII pieces only, since the
runner's callback fails on parts of a character. The text must be the greedy continuation that transformers gives.
"""
import os

import torch
from executorch.extension.llm.runner import GenerationConfig, TextLLMRunner
from support import folder, note, sconce
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM

TEXT = ["the quick brown fox jumps over the lazy dog", "pack my box with five dozen liquor jugs", "0123456789 and so on"]
NEW = 24

where = folder()
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
tokenizer.train_from_iterator(TEXT * 3, trainers.BpeTrainer(vocab_size=120, special_tokens=["<s>", "</s>"]))
tokenizer.save(os.path.join(where, "tokenizer.json"))

torch.manual_seed(5)
size = tokenizer.get_vocab_size()
model = LlamaForCausalLM(LlamaConfig(
    hidden_size=48, intermediate_size=64, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2, vocab_size=size,
    max_position_embeddings=128, bos_token_id=0, eos_token_id=1, tie_word_embeddings=False)).eval()
with torch.no_grad():
    for parameter in model.parameters():
        parameter.normal_(0, 0.25) if parameter.dim() == 2 else parameter.uniform_(0.5, 1.5)
    # Special tokens are no ASCII pieces: keep the continuation away from them.
    model.lm_head.weight[:2] = 0
model.save_pretrained(where)
path = os.path.join(where, "model.pte")
sconce("export", where, "-o", path, "--max_seq_len", 128, "--use_custom_sdpa=false", "--use_custom_kv_cache=false")

ids = tokenizer.encode("the quick").ids
with torch.no_grad():
    made = model.generate(torch.tensor([ids]), max_new_tokens=NEW, do_sample=False)[0, len(ids):].tolist()
want = tokenizer.decode(made)
pieces = []
runner = TextLLMRunner(path, os.path.join(where, "tokenizer.json"))
runner.generate("the quick", GenerationConfig(max_new_tokens=NEW, temperature=0.0, echo=False, num_bos=0, num_eos=0), pieces.append)
got = "".join(pieces)
assert len(want) >= NEW and got == want, (got, want)
note("TextLLMRunner: %d tokens, %r" % (NEW, got))
