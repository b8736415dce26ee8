"""Times greedy decoding of encoder-decoder programs: ours on the JVM, ours in the official runtime, and a peer's there, by turns.

usage: bench_seq2seq.py OURS.pte [--theirs PEER.pte] [--source 64] [--tokens 64] [--rounds 7] [--threads N]

A round is a whole request: the source through the encoder, then a decoder call for each token. Printed are the milliseconds of a token
(request / tokens; best and worst of the rounds after fifteen to warm up) and the share of it that cross attention to the source takes: what a
request costs more than one with a source of one token. Ours comes from `sconce export CHECKPOINT --task text2text-generation --qlinear 8da8w
--max_seq_len 128`, the peer's from export_t5_peer.py, a checkpoint from make_t5_shape.py.
"""
import argparse
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
WARM_UP = 15


def source_ids(count):
    return [(7 * i % 400) + 3 for i in range(count)]


class Stepping:
    """The official runtime, stepping a program's methods, in this process: see Child."""

    def __init__(self, file, threads):
        import torch
        from executorch.extension.llm.custom_ops import custom_ops  # noqa: F401  registers llama::*
        from executorch.extension.pybindings import portable_lib
        from executorch.kernels import quantized  # noqa: F401  registers quantized_decomposed::*

        portable_lib._unsafe_reset_threadpool(threads)
        self.torch = torch
        self.module = portable_lib._load_for_executorch(file)
        names = self.module.method_names()
        self.ours = "text_decoder_inputs" in names
        self.rows = self.ours and "cache_rows" in self.module.run_method("text_decoder_inputs", ())
        self.start = 0

    def request(self, source, tokens):
        torch, run = self.torch, self.module.run_method
        ids = torch.tensor([source_ids(source)])
        mask = torch.ones_like(ids)
        token, made = self.start, []
        encoded = [out.clone() for out in run("encoder", (ids, mask) if self.ours else (ids,))]
        for position in range(tokens):
            inputs = [torch.tensor([[token]])]
            if self.ours:
                inputs += [mask, torch.tensor([position])] + ([torch.tensor([0])] if self.rows else []) + encoded[1:]
            else:
                inputs += [encoded[0], torch.tensor([position])]
            token = int(run("text_decoder", tuple(inputs))[0].reshape(-1).argmax())
            made.append(token)
        return made


class Child:
    """A process that answers requests, so that sides can take turns."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def ask(self, request):
        begin = time.perf_counter()
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return time.perf_counter() - begin, answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Official(Child):
    def __init__(self, file, threads):
        super().__init__([sys.executable, os.path.abspath(__file__), file, "--child", "--threads", str(threads)])

    def request(self, source, tokens):
        return self.ask([source, tokens])


class Sconce(Child):
    def __init__(self, file, threads):
        super().__init__([os.environ.get("SCONCE", os.path.join(HERE, "..", "sconce")), "generate", file, "--json-lines", "--threads", str(threads)])

    def request(self, source, tokens):
        config = {"max_new_tokens": tokens, "num_beams": 1, "do_sample": False}
        seconds, answer = self.ask({"input_ids": source_ids(source), "defaults": False, "config": config})
        assert "tokens" in answer, answer
        return seconds, answer["tokens"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ours")
    parser.add_argument("--theirs")
    parser.add_argument("--source", type=int, default=64)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        model = Stepping(args.ours, args.threads)
        for line in sys.stdin:
            print(json.dumps(model.request(*json.loads(line))), flush=True)
        return
    sides = {"ours, Sconce": Sconce(args.ours, args.threads), "ours, official runtime": Official(args.ours, args.threads)}
    if args.theirs:
        sides["peer's, official runtime"] = Official(args.theirs, args.threads)
    times, made = {}, {}
    for turn in range(WARM_UP + args.rounds):
        for name, side in sides.items():
            for source in (args.source, 1):
                seconds, tokens = side.request(source, args.tokens)
                assert len(tokens) == args.tokens, (name, len(tokens))
                if source == args.source:
                    made[name] = tokens
                if turn >= WARM_UP:
                    times.setdefault((name, source), []).append(1e3 * seconds / args.tokens)
    for side in sides.values():
        side.close()
    mine = min(times["ours, Sconce", args.source])
    print("source of %d tokens, %d tokens made, %d rounds, %d threads" % (args.source, args.tokens, args.rounds, args.threads))
    for name in sides:
        whole, least = times[name, args.source], min(times[name, 1])
        same = sum(a == b for a, b in zip(made[name], made["ours, Sconce"]))
        print("%-26s %7.3f ms/token (to %.3f)  cross attention %4.1f %%  Sconce is %.2f times faster, %d of %d tokens equal" % (
            name, min(whole), max(whole), 100 * max(0.0, 1 - least / min(whole)), min(whole) / mine, same, args.tokens))


main()
