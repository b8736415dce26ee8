"""Drives the methods of exported encoder-decoder models in the official runtime, and compares with what transformers made of the same inputs."""
import torch
from embedded import vector
from executorch.runtime import Runtime

SCORE_TOLERANCE = 1e-3
# Settings that are exported with a program; a call has no place for them.
BAKED = ("bad_words_ids", "pad_token_id", "forced_bos_token_id", "forced_eos_token_id", "suppress_tokens")
INPUTS = ("input_ids", "attention_mask", "decoder_start_token_id", "eos_token_id", "max_new_tokens", *BAKED)
EARLY = {False: 0, True: 1, "never": 2}

# A file's own number of rows is what most cases need; a program exported without room for a batch takes rows one by one.


def error(got, want):
    """The largest difference, relative to the largest expected magnitude if that is above 1; NaN counts as infinite."""
    worst = (got - want).abs().max().item() / max(1.0, want.abs().max().item())
    return worst if worst == worst else float("inf")


class Seq2Seq:
    """A file with the methods that `sconce export --task text2text-generation` writes, or optimum-executorch."""

    def __init__(self, program):
        self.program = program
        # optimum-executorch names nothing: one source, no mask.
        named = program.has("text_decoder_inputs")
        self.inputs = program.run("text_decoder_inputs") if named else ["decoder_input_ids", "encoder_hidden_states", "cache_position"]
        self.masked = "attention_mask" in self.inputs
        self.batch = program.run("get_max_batch_size")[0] if self.masked else 1

    def encode(self, ids, mask):
        """Returns hidden states, and keeps what the decoder needs."""
        self.mask = torch.tensor(mask)
        if not self.masked:
            (hidden,) = self.program.run("encoder", torch.tensor(ids)[:, : int(self.mask.sum())])
            self.source = [hidden.clone()]
            return self.source[0]
        outputs = [out.clone() for out in self.program.run("encoder", torch.tensor(ids), self.mask)]
        self.source = outputs[1:]
        return outputs[0]

    def decode(self, ids, start, rows=None):
        """Returns the logits [R, V] after new tokens [R, T] at positions from start on; row r continues row rows[r]."""
        ids = torch.as_tensor(ids)
        positions = torch.arange(start, start + ids.shape[1])
        if not self.masked:
            (logits,) = self.program.run("text_decoder", ids, *self.source, positions)
            return logits[:, -1].clone()
        inputs = [ids, self.mask, positions]
        if "cache_rows" in self.inputs:
            inputs.append(torch.arange(len(ids)) if rows is None else torch.as_tensor(rows))
        (logits,) = self.program.run("text_decoder", *inputs, *self.source)
        return logits[:, -1].clone()


def groups(case, size):
    """Splits the rows of a case's source into batches of a size."""
    ids, mask = case["inputs"]["input_ids"], case["inputs"].get("attention_mask")
    mask = mask or [[1] * len(row) for row in ids]
    for at in range(0, len(ids), size):
        yield at, ids[at : at + size], mask[at : at + size]


def check_encoder(program, checkpoint, case):
    model, worst = Seq2Seq(program), 0.0
    want = checkpoint.arrays[case["outputs"]["last_hidden_state"]]
    for at, ids, mask in groups(case, model.batch):
        got = model.encode(ids, mask)
        for row, flags in enumerate(mask):
            seen = torch.tensor(flags).bool()
            worst = max(worst, error(got[row][seen], want[at + row][seen]))
    return worst


def check_logits(program, checkpoint, case, chunks):
    model, worst = Seq2Seq(program), 0.0
    want = checkpoint.arrays[case["outputs"]["logits"]]
    target = case["inputs"]["decoder_input_ids"]
    for at, ids, mask in groups(case, model.batch):
        model.encode(ids, mask)
        rows = target[at : at + len(ids)]
        for chunk in chunks:
            for start in range(0, len(rows[0]), chunk):
                end = min(start + chunk, len(rows[0]))
                got = model.decode([row[start:end] for row in rows], start)
                worst = max(worst, error(got, want[at : at + len(rows), end - 1]))
    return worst


def check_greedy(program, checkpoint, case):
    model, tokens = Seq2Seq(program), [case["inputs"]["decoder_start_token_id"]]
    want = case["outputs"]["tokens"]
    model.encode(case["inputs"]["input_ids"], [[1] * len(case["inputs"]["input_ids"][0])])
    while len(tokens) <= len(want):
        tokens.append(int(model.decode([tokens[-1:]], len(tokens) - 1)[0].argmax()))
    return 0.0 if tokens[1:] == want else float("inf")


class Embedded:
    """A program with `generate` and `generate_beam`, which need nothing but `execute`."""

    def __init__(self, path):
        program = Runtime.get().load_program(path)
        self.generate, self.beam = program.load_method("generate"), program.load_method("generate_beam")

    @staticmethod
    def inputs(ids, mask, target, position, settings, end):
        numbers = vector({name: EARLY.get(value, value) if name == "early_stopping" else value for name, value in settings.items()})
        return [
            torch.tensor(ids),
            torch.tensor(mask),
            torch.tensor(target),
            torch.tensor([position]),
            torch.tensor(numbers, dtype=torch.float32),
            torch.tensor(end, dtype=torch.int64),
        ]

    def call(self, ids, mask, target, position, steps, settings, end):
        out = self.generate.execute([*self.inputs(ids, mask, target, position, settings, end), torch.tensor([0]), torch.tensor([steps])])
        return out[0].tolist(), out[1].tolist(), out[2].tolist(), out[3].item()

    def streamed(self, ids, mask, start, steps, settings, end):
        made, position, target = [[] for _ in ids], 0, [[start]] * len(ids)
        for _ in range(steps):
            tokens, finished, _, position = self.call(ids, mask, target, position, 1, settings, end)
            for row, new in zip(made, tokens):
                row.extend(new)
            if all(finished):
                break
            target, ids, mask = tokens, [[0]], [[0]]
        return made, finished

    def beams(self, ids, mask, start, steps, settings, end):
        out = self.beam.execute([*self.inputs(ids, mask, [[start]] * len(ids), 0, settings, end), torch.tensor([steps])])
        return out[0].flatten(0, 1).tolist(), out[1].flatten(), out[2].tolist()


def compare_search(model, inputs, sequences, scores):
    """Checks one case; scores are None for a greedy one."""
    ids, mask = inputs["input_ids"], inputs.get("attention_mask") or [[1] * len(row) for row in inputs["input_ids"]]
    start, steps, end = inputs["decoder_start_token_id"], inputs["max_new_tokens"], inputs.get("eos_token_id") or []
    end = [end] if isinstance(end, int) else end
    settings = {name: value for name, value in inputs.items() if name not in INPUTS}
    settings["max_length"] = 1 + steps
    if scores is None:
        made, finished, _, _ = model.call(ids, mask, [[start]] * len(ids), 0, steps, settings, end)
        assert [[start, *row] for row in made] == sequences, (inputs, sequences, made)
        assert finished == [1] * len(ids), finished
        assert model.streamed(ids, mask, start, steps, settings, end) == (made, finished), inputs
        return
    found, found_scores, _ = model.beams(ids, mask, start, steps, settings, end)
    assert found == sequences, (inputs, sequences, found)
    worst = (found_scores - torch.tensor(scores)).abs().max().item()
    assert worst <= SCORE_TOLERANCE, (inputs, scores, found_scores)
