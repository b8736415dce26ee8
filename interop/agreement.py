"""Says how far two language models are from the float model that they were made of, in the official runtime.

usage: agreement.py CHECKPOINT THEIRS.pte OURS.pte [--prompts 8] [--shortest 32] [--longest 64] [--seed 1] [--threads 1]

Prompts are random tokens. Half of each goes in at once, the rest token by token, as in a conversation; the logits after the half and
after each further token are compared with those of transformers in float32 at the same position:

    error     rms(program - float) / rms(float), over all logits
    KL        mean over positions of the sum of p·ln(p / q), p the float model's probabilities, q the program's, in nats
    argmax    at how many positions the most likely token is the float model's
    in top 5  at how many the program's most likely token is among the float model's five most likely
"""
import argparse
import os

# The llama operators call MKL from threads of their own; if it starts more, they get in each other's way.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from executorch.extension.llm.custom_ops import custom_ops  # noqa: F401  registers llama::*
from executorch.extension.pybindings import portable_lib
from executorch.kernels import quantized  # noqa: F401  registers quantized_decomposed::*
from executorch.runtime import Runtime
from transformers import AutoModelForCausalLM


class Agreement:
    """Sums over positions."""

    def __init__(self):
        self.positions, self.error, self.size, self.divergence, self.argmax, self.near = 0, 0.0, 0.0, 0.0, 0, 0

    def add(self, found, wanted):
        found, wanted = found.double(), wanted.double()
        assert found.shape == wanted.shape, "logits of shape %s, expected %s" % (tuple(found.shape), tuple(wanted.shape))
        assert torch.isfinite(found).all(), "logits that are no numbers"
        p, q = torch.log_softmax(wanted, -1), torch.log_softmax(found, -1)
        self.positions += 1
        self.error += (found - wanted).square().sum().item()
        self.size += wanted.square().sum().item()
        self.divergence += (p.exp() * (p - q)).sum().item()
        self.argmax += int(found.argmax() == wanted.argmax())
        self.near += int(found.argmax() in wanted.topk(min(5, wanted.numel())).indices)

    def row(self, name):
        share = lambda count: "%.1f %%" % (100 * count / self.positions)  # noqa: E731
        return "%-28s %9.4f %11.5f %9s %9s" % (
            name, (self.error / self.size) ** 0.5, self.divergence / self.positions, share(self.argmax), share(self.near))


def logits(method, prompt, first):
    """Yields the logits after the first tokens and after each further one."""
    for start, end in [(0, first)] + [(i, i + 1) for i in range(first, len(prompt))]:
        out = method.execute([prompt[None, start:end], torch.arange(start, end)])[0]
        yield out.reshape(-1, out.shape[-1])[-1].float()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("theirs")
    parser.add_argument("ours")
    parser.add_argument("--prompts", type=int, default=8)
    parser.add_argument("--shortest", type=int, default=32)
    parser.add_argument("--longest", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    portable_lib._unsafe_reset_threadpool(args.threads)
    model = AutoModelForCausalLM.from_pretrained(args.checkpoint, dtype=torch.float32).eval()
    random = torch.Generator().manual_seed(args.seed)
    lengths = torch.randint(args.shortest, args.longest + 1, (args.prompts,), generator=random).tolist()
    prompts = [torch.randint(0, model.config.vocab_size, (length,), generator=random) for length in lengths]
    with torch.no_grad():
        wanted = [model(prompt[None]).logits[0].float() for prompt in prompts]
    print("%d prompts of %d to %d random tokens, seed %d" % (len(prompts), min(lengths), max(lengths), args.seed))
    print("%-28s %9s %11s %9s %9s" % ("", "error", "KL", "argmax", "in top 5"))
    for name, path in (("theirs", args.theirs), ("ours", args.ours)):
        method = Runtime.get().load_program(path).load_method("forward")
        agreement = Agreement()
        for prompt, rows in zip(prompts, wanted):
            first = len(prompt) // 2
            for found, row in zip(logits(method, prompt, first), rows[first - 1:], strict=True):
                agreement.add(found, row)
        print(agreement.row("%s: %s" % (name, os.path.basename(path))), flush=True)
    print("%d positions each" % agreement.positions)


if __name__ == "__main__":
    main()
