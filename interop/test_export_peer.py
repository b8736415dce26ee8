"""optimum-executorch's own ExecuTorchModelForCausalLM loads and generates from an exported Llama.

Opt-in: needs optimum-executorch, which does not fit into the environment of the other checks; SCONCE_INTEROP_PEER names a
folder made by `pip install --target` (default: interop-peer beside that environment).
"""
import os
import subprocess
import sys

from support import folder, note, sconce, skip

CACHE = os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache"))
PEER = os.environ.get("SCONCE_INTEROP_PEER", os.path.join(CACHE, "sconce", "interop-peer"))
if not os.path.isdir(PEER):
    skip("optimum-executorch's environment is not there: " + PEER)
environment = {**os.environ, "PYTHONPATH": PEER}
probe = subprocess.run(
    [sys.executable, "-c", "import optimum.executorch"], env=environment, capture_output=True, text=True
)
if probe.returncode != 0:
    skip("optimum-executorch cannot be imported: " + probe.stderr.strip().splitlines()[-1])

DRIVER = """
import sys
import torch
from optimum.executorch import ExecuTorchModelForCausalLM
from transformers import LlamaForCausalLM

where, count = sys.argv[1], 16
ids = [3, 41, 59, 26]
want = LlamaForCausalLM.from_pretrained(where).generate(torch.tensor([ids]), max_new_tokens=count, do_sample=False)[0].tolist()
model = ExecuTorchModelForCausalLM.from_pretrained(where)
got = model.generate(ids, echo=True, max_seq_len=len(ids) + count)
assert got == want, (got, want)
print("same", len(got))
"""

where = folder()
make = """
import sys
import torch
from transformers import LlamaConfig, LlamaForCausalLM
torch.manual_seed(5)
model = LlamaForCausalLM(LlamaConfig(hidden_size=48, intermediate_size=64, num_hidden_layers=3, num_attention_heads=4,
    num_key_value_heads=2, vocab_size=101, max_position_embeddings=128, bos_token_id=0, eos_token_id=100))
for parameter in model.parameters():
    parameter.data.normal_(0, 0.25) if parameter.dim() == 2 else parameter.data.uniform_(0.5, 1.5)
model.save_pretrained(sys.argv[1])
"""
subprocess.run([sys.executable, "-c", make, where], env=environment, check=True)
sconce("export", where, "-o", os.path.join(where, "model.pte"), "--max_seq_len", 128)
done = subprocess.run([sys.executable, "-c", DRIVER, where], env=environment, capture_output=True, text=True)
assert done.returncode == 0, done.stderr[-3000:]
note("ExecuTorchModelForCausalLM: " + done.stdout.strip().splitlines()[-1])
