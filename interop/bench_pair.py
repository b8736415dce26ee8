"""Compares two language models in the official runtime within one process, a few steps of one and a few of the other.

usage: bench_pair.py THEIRS.pte OURS.pte [--threads 1] [--rounds 40] [--prompt 256] [--decode 16]

On a machine that is shared, speeds drift by more than the programs differ, and processes that run one after the other meet
different minutes. Here a round is a prefill and some decoding steps of each program, within a fraction of a second; printed
are the medians of the rounds' times and of their ratios, with the quartiles of the ratios.
"""
import argparse
import os
import statistics
import time

# The llama operators call MKL from threads of their own; if it starts more, they get in each other's way.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from executorch.extension.llm.custom_ops import custom_ops  # noqa: F401  registers llama::*
from executorch.extension.pybindings import portable_lib
from executorch.kernels import quantized  # noqa: F401  registers quantized_decomposed::*
from executorch.runtime import Runtime


class Model:
    def __init__(self, path):
        self.program = Runtime.get().load_program(path)
        self.method = self.program.load_method("forward")

    def prefill(self, length):
        ids = torch.tensor([[7 * i % 400 + 3 for i in range(length)]])
        start = time.perf_counter()
        self.method.execute([ids, torch.arange(length)])
        return time.perf_counter() - start

    def decode(self, first, count):
        start = time.perf_counter()
        for i in range(count):
            self.method.execute([torch.tensor([[5]]), torch.tensor([first + i])])
        return (time.perf_counter() - start) / count


def compare(title, rounds, theirs, ours):
    pairs = []
    for number in range(rounds + 3):
        if number % 2:
            b, a = ours(), theirs()
        else:
            a, b = theirs(), ours()
        if number >= 3:
            pairs.append((a, b))
    ratios = sorted(a / b for a, b in pairs)
    low, _, high = statistics.quantiles(ratios, n=4)
    print("%s: theirs %.3f ms, ours %.3f ms, ours is %.2f times as fast (quartiles %.2f..%.2f)" % (
        title, *(1e3 * statistics.median(side) for side in zip(*pairs)), statistics.median(ratios), low, high), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("theirs")
    parser.add_argument("ours")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--prompt", type=int, default=256)
    parser.add_argument("--decode", type=int, default=16)
    args = parser.parse_args()
    portable_lib._unsafe_reset_threadpool(args.threads)
    theirs, ours = Model(args.theirs), Model(args.ours)
    title = "%d threads, decoding a token after %d" % (args.threads, args.prompt)
    compare(title, args.rounds, lambda: theirs.decode(args.prompt, args.decode), lambda: ours.decode(args.prompt, args.decode))
    title = "%d threads, prefill of %d" % (args.threads, args.prompt)
    compare(title, max(5, args.rounds // 4), lambda: theirs.prefill(args.prompt), lambda: ours.prefill(args.prompt))


if __name__ == "__main__":
    main()
