"""Exports a T5 checkpoint with optimum-executorch, for bench_seq2seq.py. Needs `pip install optimum-executorch` beside the interop environment.

Its own command fails on T5 (optimum-executorch 1.1.0): the decoder wrapper gives cross attention a cache of fixed length, which meets a
mask of the encoder's length. Transformers' wrapper of the same name is used in its place; encoder, sampler, recipe, methods and metadata are
optimum's. Its task has no quantisation; its own function for decoders is applied to the model here. XNNPACK, sources of up to 128 tokens.
"""
import argparse
import os

import optimum.exporters.executorch.integrations as integrations
import transformers.integrations.executorch as wrappers
from optimum.exporters.executorch.quantization import quantize_model_
from optimum.exporters.executorch.recipe_registry import discover_recipes, recipe_registry
from transformers import AutoModelForSeq2SeqLM

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("checkpoint")
parser.add_argument("out", help="the program to be written")
parser.add_argument("linear", nargs="?", default="8da8w", choices=["fp32", "8da8w"])
args = parser.parse_args()
integrations.Seq2SeqLMDecoderExportableModuleWithStaticCache = wrappers.Seq2SeqLMDecoderExportableModuleWithStaticCache
discover_recipes()
model = AutoModelForSeq2SeqLM.from_pretrained(args.checkpoint).eval()
if args.linear != "fp32":
    quantize_model_(model, qlinear_config=args.linear)
module = integrations.Seq2SeqLMExportableModule(model, batch_size=1, max_seq_len=128, max_hidden_seq_len=128)
(program,) = recipe_registry["xnnpack"](module).values()
with open(args.out, "wb") as file:
    program.write_to_file(file)
print("wrote", args.out, os.path.getsize(args.out), "bytes")
