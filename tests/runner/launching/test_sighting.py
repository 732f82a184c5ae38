"""What a far machine does not see as the near one does is named."""

import hashlib
import sys
from pathlib import Path

import pytest

from runner.launching.sighting import ask_torch, find_missing, look, may_have_devices
from runner.workers.protocol import See, Seen, quote_path


def test_the_first_thing_that_is_missing_is_named(tmp_path: Path) -> None:
    here, other = tmp_path / "it's here", tmp_path / "other"
    here.write_bytes(b"1")
    digest = hashlib.sha256(b"1").hexdigest()
    files = {quote_path(str(here)): digest}
    assert find_missing(files, [quote_path(str(tmp_path))], quote_path(str(tmp_path))) == ""
    assert find_missing({quote_path(str(here)): "0" * 64}, [], "") == (
        f"{here} is not the same file there"
    )
    assert find_missing({quote_path(str(other)): digest}, [], "") == (
        f"{other} is not visible there (No such file or directory)"
    )
    assert find_missing({}, [quote_path(str(other))], "") == f"{other} is not visible there"
    assert find_missing({}, [], quote_path(str(other))) == (
        f"the folder {other} cannot be written to there"
    )


def test_the_answer_is_a_message(tmp_path: Path) -> None:
    order = See(files={}, paths=(quote_path(str(tmp_path)),))
    assert Seen.model_validate(look(order.model_dump())) == Seen(missing="")


def test_a_python_that_tells_of_no_devices_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask_torch("/no/such/python") == {}
    monkeypatch.setattr("runner.launching.sighting._ASKED", "import no_such_module")
    assert ask_torch(sys.executable) == {}
    said = 'print("hello\\nsupplementary-trials {\\"cuda\\": [], \\"mps\\": true}")'
    monkeypatch.setattr("runner.launching.sighting._ASKED", said)
    assert ask_torch(sys.executable) == {"cuda": [], "mps": True}


def test_nobody_is_asked_where_there_is_no_sign_of_a_device(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("runner.launching.sighting._SIGNS", ())
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("runner.launching.sighting.ask_torch", lambda _: pytest.fail("asked"))
    assert not may_have_devices()
    order = See(files={}, python=sys.executable)
    assert Seen.model_validate(look(order.model_dump())) == Seen(missing="")
