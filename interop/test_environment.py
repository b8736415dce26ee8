"""The environment itself: the official exporter and runtime agree with torch, and the launcher answers.

When this fails, no other check means anything.
"""
import os

import torch
from executorch.exir import to_edge
from executorch.runtime import Runtime
from support import folder, note, sconce_json


class Affine(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.linear = torch.nn.Linear(5, 3)

    def forward(self, x):
        return torch.relu(self.linear(x)) + 1


model, x = Affine().eval(), torch.linspace(-1, 1, 10).reshape(2, 5)
path = os.path.join(folder(), "affine.pte")
with open(path, "wb") as file:
    file.write(to_edge(torch.export.export(model, (x,))).to_executorch().buffer)

(found,) = Runtime.get().load_program(path).load_method("forward").execute([x])
torch.testing.assert_close(found, model(x).detach())

info = sconce_json("info")
assert info["vectorModule"], "the launcher turns the Vector API on"
note("sconce %s, torch %s" % (info["version"], torch.__version__))
