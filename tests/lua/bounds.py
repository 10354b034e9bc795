"""The bounds of a process that runs an attack: far from what it takes to meet a limit, and the end of it if it meets none."""
import resource
import sys

SECONDS = 2       # of a processor
BYTES = 64 << 20  # of data; 0: no bound


def take_arguments():
    """The command, and `--no-memory` from the command line: sanitizers need memory of their own, and take their time."""
    global SECONDS, BYTES
    toll = sys.argv.pop(1)
    if "--no-memory" in sys.argv:
        sys.argv.remove("--no-memory")
        SECONDS, BYTES = 20, 0
    return toll


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    if BYTES:
        resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))
