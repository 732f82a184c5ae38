"""How a command that runs fits ends: one sentence and an exit code, whatever ends it."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

EXIT_FAILED, EXIT_BAD_INPUT, EXIT_INTERRUPTED, EXIT_TERMINATED = 1, 2, 130, 143


@contextmanager
def end_in_order() -> Iterator[None]:
    """Answer what a person can mend, a stopped batch, Ctrl-C and a scheduler's request to end."""
    # Imported only now, so that --help answers at once.
    from runner.errors import INPUT_ERRORS, BatchStopped  # noqa: PLC0415
    from scripts.text import say, say_error  # noqa: PLC0415 - waits for rich

    signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    except INPUT_ERRORS as error:
        say_error(error)
        sys.exit(EXIT_BAD_INPUT)
    except BatchStopped as stop:
        sentence = " ".join(str(stop).split())
        say(
            f"Stopped: {sentence}; finished fits are kept, the same command goes on.", is_error=True
        )
        sys.exit(EXIT_FAILED)
    except KeyboardInterrupt:
        click.echo("Interrupted; finished fits are kept, and the same command goes on.", err=True)
        sys.exit(EXIT_INTERRUPTED)


def _terminate(signum: int, frame: FrameType | None) -> None:
    """End in order when a scheduler asks for it."""
    del frame
    signal.signal(signum, signal.SIG_IGN)  # once is enough
    click.echo("Terminated; finished fits are kept, and the same command goes on.", err=True)
    sys.exit(EXIT_TERMINATED)
