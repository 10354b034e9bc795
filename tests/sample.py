"""How builds that are slow, such as those with sanitizers, run a part of a test: `--every N`."""


def take_every(words):
    """Takes `--every N` out of a command's words; how to take a sample of a list: every N-th."""
    every = 1
    if "--every" in words:
        at = words.index("--every")
        every = int(words[at + 1])
        del words[at:at + 2]
    return lambda items: items[::every]
