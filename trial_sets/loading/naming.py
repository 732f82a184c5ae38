"""The names that sets, studies and trials get where a file has none that they could have."""

import hashlib
import re

MAX_NAME = 32


def clean_name(text: str) -> str:
    """Return a name made of what was found; it tells long and non-ASCII texts apart."""
    name = re.sub("[^A-Za-z0-9_-]+", "-", text).strip("-")
    name = name if name[:1].isalpha() else f"trials-{name}".strip("-")
    if text.isascii() and len(name) <= MAX_NAME:
        return name
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{name[: MAX_NAME - 9]}-{digest}"
