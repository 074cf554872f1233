"""Text that a student may have chosen, made fit to print anywhere: pages, JSON, CSV, a terminal."""

import re

_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor moves
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x80-\x9f]*(?:\x07|\x1b\\|\x9c|\Z)"  # titles, links
    r"|\x1b[ -/]*[0-~]?"  # all other escapes
)
_NEWLINE = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# Characters that are unseen and change what is seen, or that no UTF-8 file can hold: order marks and overrides of
# writing direction, invisible spaces and operators, tags, lone surrogates, noncharacters.
_UNSEEN = re.compile(
    "[\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def harmless(text: str, limit: int = 2000) -> str:
    """`text` without control characters, with unseen characters named («U+202E»), cut to about `limit` characters."""
    # cut before the work, too: replacing makes text at most ten times as long, and what comes may be megabytes
    cut = text[: 4 * limit]
    cut = _CONTROL.sub("", _NEWLINE.sub("\n", _ANSI.sub("", cut)))
    cut = _UNSEEN.sub(lambda found: f"«U+{ord(found[0]):04X}»", cut).strip("\n")
    if len(cut) <= limit and len(text) <= 4 * limit:
        return cut
    return f"{cut[:limit]} … (cut; {len(text):,} characters in all)"


def one_line(text: str, limit: int = 200) -> str:
    """`text` made harmless, on one line."""
    return " ".join(harmless(text, limit).split())
