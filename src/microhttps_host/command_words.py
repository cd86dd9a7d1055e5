"""A URL as a word of a command that a sentence shows: a shell takes it as it is, and the sentence leaves it whole.

What a sentence shows is cut after 80 characters and has single quotes escaped (`microhttps.explanations.quoting`).
Imports nothing of ours. Layer 11.
"""

import shlex

MAX_SHOWN = 80
CHANGED_IN_QUOTES = frozenset("$`!\\\"'")  # by a shell within double quotes, or by the sentence


def command_word(*texts: str) -> str:
    """The first of these texts that can be shown so, quoted where a shell needs it; else the last as it is."""
    for text in texts:
        word = text if shlex.quote(text) == text else f'"{text}"'
        if len(word) <= MAX_SHOWN and not CHANGED_IN_QUOTES & set(text):
            return word
    return texts[-1]
