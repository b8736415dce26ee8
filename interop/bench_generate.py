"""What generation inside a program costs in the official runtime: `generate` against stepping `forward` from Python, by turns.

Prints milliseconds a token (the best of some rounds) and the ratio to `forward`. Greedy tokens of both must be equal. The last lines have top-p over
the whole vocabulary; random weights make its nucleus most of the vocabulary, and thousands of tokens still at a temperature that makes a few likely.
"""
import argparse
import time

import torch
from embedded import Generate, vector
from executorch.runtime import Runtime

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("file", help="a decoder program with generation inside")
parser.add_argument("count", nargs="?", type=int, default=64, metavar="TOKENS")
parser.add_argument("rounds", nargs="?", type=int, default=4)
args = parser.parse_args()
count, rounds = args.count, args.rounds
prompt = list(range(100, 116))
program = Runtime.get().load_program(args.file)
generate, forward = Generate(program.load_method("generate").execute), program.load_method("forward")
SETTINGS = {
    "greedy": {},
    "repetition penalty": {"repetition_penalty": 1.2},
    "top-k 50": {"do_sample": 1, "temperature": 1, "top_k": 50},
    "top-k 50, top-p 0.9": {"do_sample": 1, "temperature": 1, "top_k": 50, "top_p": 0.9},
    "temperature": {"do_sample": 1, "temperature": 1, "top_k": 0},
    "top-p 0.9, peaked": {"do_sample": 1, "temperature": 0.2, "top_k": 0, "top_p": 0.9},
    "top-p 0.9, flat": {"do_sample": 1, "temperature": 1, "top_k": 0, "top_p": 0.9},
}


def stepped():
    ids, positions, made = torch.tensor([prompt]), torch.arange(len(prompt)), []
    for _ in range(count):
        token = int(forward.execute([ids, positions])[0][0, -1].argmax())
        made.append(token)
        ids, positions = torch.tensor([[token]]), torch.tensor([len(prompt) + len(made) - 1])
    return made


def inside(settings):
    return generate.call([prompt], [[1] * len(prompt)], 0, count, settings=vector(settings), end=[])[0][0]


def timed(work, *args):
    start = time.perf_counter()
    made = work(*args)
    return 1000 * (time.perf_counter() - start) / count, made


best = {}
for turn in range(rounds + 1):
    cost, tokens = timed(stepped)
    costs = {"forward": cost}
    for name, settings in SETTINGS.items():
        costs[name], made = timed(inside, settings)
        assert name != "greedy" or made == tokens, (made, tokens)
    if turn > 0:
        best = {name: min(cost, best.get(name, cost)) for name, cost in costs.items()}
for name, cost in best.items():
    print("%-20s %6.2f ms/token  ratio %.3f" % (name, cost, cost / best["forward"]))
