"""Models without a network: the scores after a token are the sum of two look-ups. In torch, as files, and exported by Sconce.

What differs between runtimes on such a model is rules, search or bookkeeping.
"""
import os

import torch
from support import Server
from transformers import GenerationMixin, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutput


class TableConfig(PretrainedConfig):
    model_type = "table"


class TableModel(PreTrainedModel, GenerationMixin):
    """scores after position t = a[id[t]] + b[id[t - 1]], without the second term at t = 0"""

    config_class = TableConfig
    main_input_name = "input_ids"

    def __init__(self, a, b):
        super().__init__(TableConfig(vocab_size=len(a)))
        self.none = torch.nn.Parameter(torch.zeros(1))
        self.tables = (a, b)

    def prepare_inputs_for_generation(self, input_ids, attention_mask=None, **_):
        return {"input_ids": input_ids}

    def forward(self, input_ids, attention_mask=None, **_):
        a, b = self.tables
        scores = a[input_ids]
        scores[:, 1:] += b[input_ids[:, :-1]]
        return CausalLMOutput(logits=scores)


def request(where, number, a, b, **rest):
    """Writes the tables and returns what Sconce is asked with: the rest is `baked`, `batch`, `capacity`, `recipe` and, for generate_beam, `beams`."""
    paths = {}
    for name, table in (("a", a), ("b", b)):
        paths[name] = os.path.join(where, "%s.%d" % (name, number))
        table.numpy().astype("<f4").tofile(paths[name])
    return {**paths, "file": os.path.join(where, "%d.pte" % number), "vocabulary": len(a), **rest}


class Tables:
    """Sconce's exporter and host code for such models."""

    def __init__(self):
        self.server = Server("EmbeddedTables.java", "base", "format", "ops", "kernels", "runtime", "text", "generate", "graph", "export")

    def export(self, request):
        answer = self.server.ask(do="export", **request)
        assert "error" not in answer, answer

    def host(self, request, config, ids):
        """Returns tokens and scores by row, or an error."""
        return self.server.ask(do="host", config=config, input_ids=ids, **request)
