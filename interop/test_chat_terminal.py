"""`sconce chat` on a terminal: Ctrl-C stops an answer and not the program, again and again; at the prompt it ends the program.

A pseudo-terminal takes the place of a person. It also has the modes of before when the program is gone.
"""
import os
import pty
import select
import signal
import termios
import time

from support import SCONCE, folder, note, sconce

CHECKPOINT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../export/src/test/resources/checkpoints/llama_bf16_sharded")
PATIENCE = 120


class Chat:
    """A sconce that talks on a pseudo-terminal."""

    def __init__(self, *arguments):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.environ["NO_COLOR"] = "1"
            # A person's shell does not ignore it; what runs in the background of a script does, and hands that on.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.execv(SCONCE, [SCONCE, "chat", *arguments])
        self.modes = termios.tcgetattr(self.terminal)

    def type(self, text):
        os.write(self.terminal, text.encode())

    def some(self):
        """What it writes next; empty at its end."""
        ready, _, _ = select.select([self.terminal], [], [], PATIENCE)
        assert ready, "nothing was written for %d seconds" % PATIENCE
        try:
            return os.read(self.terminal, 1 << 16).decode(errors="replace")
        except OSError:
            return ""

    def until(self, condition):
        """All that it writes until a condition holds for it."""
        text = ""
        while not condition(text):
            more = self.some()
            assert more, "it ended after %r" % text
            text += more
        return text

    def prompt(self):
        """What it writes before it listens again."""
        return self.until(lambda text: ("\n" + text).endswith("\n> "))

    def ended(self):
        while self.some():
            pass
        return os.waitpid(self.process, 0)[1]


where = folder()
file = os.path.join(where, "model.pte")
sconce("export", CHECKPOINT, "-o", file, "--max_seq_len", 8192, "--no-self-tests")
chat = Chat(file, "--ignore-eos", "--max-new-tokens", "8000", "--suppress-tokens", str(list(range(131, 211))))
chat.prompt()
lengths = []
for turn in range(2):
    chat.type("hello\n")
    # The terminal shows what is typed; the answer comes after it.
    answer = chat.until(lambda text: len(text) > len("hello\r\n") + 40)
    chat.type("\x03")
    answer += chat.prompt()
    lengths.append(len(answer))
    assert "^C" not in answer, answer[-200:]
chat.type("/stats\n")
told = chat.prompt()
made = int(told.split("generated_tokens\":")[1].split(",")[0])
assert 0 < made < 4000, "the answer was not stopped: " + told
chat.type("/history\n")
assert chat.prompt().count("user: hello") == 2
assert termios.tcgetattr(chat.terminal) == chat.modes, "the terminal's modes are not those of before"
chat.type("\x03")
status = chat.ended()
assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGINT or os.WEXITSTATUS(status) == 130, status

chat = Chat(file)
chat.prompt()
chat.type("\x04")
assert chat.ended() == 0, "the end of the input ends it"
note("answers stopped after %s characters; ended by Ctrl-C at the prompt and by Ctrl-D" % lengths)
