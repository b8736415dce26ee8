"""Runs a Python script and ends it, with everything it started, after some seconds (macOS has no timeout command).

usage: with_timeout.py SECONDS SCRIPT
"""
import os
import signal
import subprocess
import sys

seconds, script = float(sys.argv[1]), sys.argv[2]
process = subprocess.Popen([sys.executable, script], start_new_session=True)
try:
    status = process.wait(seconds)
except subprocess.TimeoutExpired:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    sys.exit("stopped after %g seconds" % seconds)
except KeyboardInterrupt:
    os.killpg(process.pid, signal.SIGINT)
    process.wait()
    sys.exit(130)
# A process that a signal ended has a negative status here; shells call that 128 + signal.
sys.exit(status if status >= 0 else 128 - status)
