"""What the checks share. A check imports this, does its work at module level, and ends normally if all is well."""
import json
import os
import subprocess
import sys
import tempfile

SKIPPED = 77


def skip(reason):
    """Ends the check as skipped."""
    print(reason)
    sys.exit(SKIPPED)


def note(text):
    """Prints a line that the suite shows below the check's PASS."""
    print("note: " + text)


def sconce(*args, expect=0):
    """Runs the sconce command and returns its standard output; fails if its exit code is not the expected one."""
    done = subprocess.run([os.environ["SCONCE"], *map(str, args)], capture_output=True, text=True)
    if done.returncode != expect:
        raise AssertionError(
            "sconce %s: exit code %d, expected %d\n%s" % (" ".join(map(str, args)), done.returncode, expect, done.stderr)
        )
    return done.stdout


def sconce_json(*args):
    """Runs the sconce command with --json and returns what it printed."""
    return json.loads(sconce(*args, "--json"))


def folder():
    """Returns a new empty folder, which the suite removes."""
    return tempfile.mkdtemp()
