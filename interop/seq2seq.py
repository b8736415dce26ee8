"""Drives encoder and text_decoder of exported encoder-decoder models in the official runtime, on golden cases."""
import torch

# A file's own number of rows is what most cases need; a program exported without room for a batch takes rows one by one.


def error(got, want):
    """The largest difference, relative to the largest expected magnitude if that is above 1; NaN counts as infinite."""
    worst = (got - want).abs().max().item() / max(1.0, want.abs().max().item())
    return worst if worst == worst else float("inf")


class Seq2Seq:
    """A file with the methods that `sconce export --task text2text-generation` writes."""

    def __init__(self, program):
        self.program = program
        self.inputs = program.run("text_decoder_inputs")
        self.batch = program.run("get_max_batch_size")[0]
        self.beams = program.run("get_max_beams")[0]

    def encode(self, ids, mask):
        """Returns hidden states, and keeps what the decoder needs."""
        self.mask = torch.tensor(mask)
        outputs = [out.clone() for out in self.program.run("encoder", torch.tensor(ids), self.mask)]
        self.source = outputs[1:]
        return outputs[0]

    def decode(self, ids, start, rows=None):
        """Returns the logits [R, V] after new tokens [R, T] at positions from start on; row r continues row rows[r]."""
        ids = torch.as_tensor(ids)
        inputs = [ids, self.mask, torch.arange(start, start + ids.shape[1])]
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
