"""Programs that generate from a bank of scores in place of a model: what a draw costs and gives, for every kind of distribution.

After a token come the scores of the bank's row that is the token's remainder.
"""
import math
import os

import torch
from support import Server


class ScoreBanks:
    def __init__(self, where):
        self.where, self.number = where, 0
        self.server = Server("ScoreBanks.java", "base", "format", "ops", "kernels", "runtime", "text", "generate", "graph", "export")

    def program(self, bank, batch=1, capacity=256):
        """The path of a program that generates from a bank, float32[n, vocabulary]."""
        self.number += 1
        path = os.path.join(self.where, "%d.pte" % self.number)
        bank.numpy().astype("<f4").tofile(path + ".bank")
        self.server.ask(file=path, bank=path + ".bank", vocabulary=bank.shape[1], batch=batch, capacity=capacity)
        return path


def distributions(rows, size, generator):
    """Banks of several rows by name; few, some and many tokens have most of the mass."""
    normal = torch.randn(rows, size, generator=generator)
    first = torch.arange(size)
    shuffled = torch.stack([torch.randperm(size, generator=generator) for _ in range(rows)])
    return {
        "flat": normal,
        "peaked, a long tail": 1.6 * normal + 14 * (shuffled < 1),
        "few of a trained model": 2.5 * normal + torch.where(shuffled < 5, 16.0 - shuffled, 0),
        "wide": 2 * normal,
        "wider": 3 * normal,
        "some hundreds": 2 * normal + torch.where(shuffled < 1000, 9 - 0.009 * shuffled, 0),
        "Zipf's": -torch.log(shuffled + 1.0),
        "steps of 1/16": (16 * normal).round() / 16,
        "bfloat16": (3 * normal + 8).bfloat16().float(),
        "half of them banned": torch.where(shuffled % 2 == 0, torch.tensor(-math.inf), normal),
        "two heaps": torch.where(shuffled < size // 50, normal / 10, normal / 3 - 5),
        "all equal": torch.ones(rows, size) * (first >= 0),
    }
