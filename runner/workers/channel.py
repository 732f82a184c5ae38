"""A worker's way to the parent: orders come in, messages leave."""

from collections.abc import Iterator

from runner.workers.descendants import end_with_children
from runner.workers.pipes import Pipes
from runner.workers.protocol import Message, Ordered, Said


class Channel:
    """Orders and messages over the pipes of this process, shared by its threads."""

    def __init__(self) -> None:
        self._pipes = Pipes(end_with_children)

    def listen(self) -> Iterator[Ordered]:
        """Yield what is ordered until the parent is gone."""
        for line in self._pipes.read_lines():
            yield Ordered.model_validate_json(line)

    def send(self, message: Message, token: str = "") -> None:
        """Write one message; where the parent is gone, end with all that this process started."""
        said = Said(token=token, pid=self._pipes.pid, message=message)
        self._pipes.write_line(said.model_dump_json().encode())

    def end_if_forked(self) -> None:
        """End this process if it is a fork of the worker that has come back from the training."""
        self._pipes.end_if_forked()
