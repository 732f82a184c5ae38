"""A record's text is believed by its checksum, however it is laid out."""

import hashlib
import json

import pytest

from tests.runner.conftest import fit, record
from trial_sets.configuration import FreeConfiguration
from trial_sets.errors import InputError
from trial_sets.records.record import Record, parse_record

SEALED = record(fit(), 0.75).sealed()
TEXT = SEALED.model_dump_json(indent=1)


def change(**fields: object) -> str:
    return json.dumps({**json.loads(TEXT), **fields})


def test_what_was_written_is_read_without_writing_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Record, "_digest")
    assert parse_record(TEXT, "record.json") == SEALED


@pytest.mark.parametrize(
    "text",
    [json.dumps(json.loads(TEXT)), TEXT.replace("0.75", "7.5e-1"), change(seconds=0)],
    ids=["without spaces", "another spelling of a number", "a whole number"],
)
def test_another_layout_of_the_same_is_the_same(text: str) -> None:
    assert text != TEXT
    assert parse_record(text, "record.json") == SEALED


def test_another_content_is_noticed() -> None:
    with pytest.raises(InputError, match=r"^here: not what was written: its sha256 is another"):
        parse_record(change(seed=4), "here")


def test_a_checksum_makes_no_record_of_what_is_none() -> None:
    digest = hashlib.sha256(b'{"status": "complete"}').hexdigest()
    with pytest.raises(InputError, match=r"^here: kind is missing"):
        parse_record(json.dumps({"status": "complete", "sha256": digest}), "here")


def test_a_record_from_before_other_metrics_is_read_by_its_own_seal() -> None:
    content = json.loads(TEXT)
    for name in ("sha256", "metric"):
        del content[name]
    point = {"epoch": 1, "train_loss": 0.7, "val_loss": 0.6, "val_auc": 0.75, "seconds": 0.5}
    content |= {"schema_version": 3, "curve": [point]}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    text = json.dumps({**content, "sha256": digest})
    for layout in (text, text.replace("0.75", "7.5e-1")):
        old = parse_record(layout, "record.json")
        assert (old.curve[0].val_metric, old.metric, old.score) == (0.75, "val_auc", 0.75)
    with pytest.raises(InputError, match=r"^here: not what was written"):
        parse_record(text.replace("0.6", "0.61"), "here")


def test_a_record_of_another_metric_needs_that() -> None:
    with pytest.raises(InputError, match=r"^here: a complete record needs metrics\.val_rmse"):
        parse_record(json.dumps({**json.loads(TEXT), "metric": "val_rmse", "sha256": None}), "here")
    metrics = {"val_rmse": 0.25}
    text = change(metric="val_rmse", metrics=metrics, sha256=None)
    assert parse_record(text, "here").score == 0.25


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "pruned", "stop_reason": "epochs"},
        {"status": "pruned"},
        {"status": "complete", "stop_reason": "pruned"},
    ],
)
def test_a_fit_is_pruned_exactly_where_it_stopped_for_that(fields: dict[str, object]) -> None:
    said = rf"^here: status={fields['status']}, but stop_reason={fields.get('stop_reason')}$"
    with pytest.raises(InputError, match=said):
        parse_record(change(**fields, sha256=None), "here")


@pytest.mark.parametrize("metrics", [{}, {"val_auc": 0.5}])
def test_a_pruned_record_may_lack_a_score_and_has_no_failure(metrics: dict[str, float]) -> None:
    fields = {"status": "pruned", "stop_reason": "pruned", "metrics": metrics, "sha256": None}
    assert parse_record(change(**fields), "here").score == metrics.get("val_auc")
    failure = {"kind": "error", "message": "no luck", "traceback": ""}
    with pytest.raises(InputError, match=r"a failure exactly when its status is failed"):
        parse_record(change(**fields, failure=failure), "here")


def test_a_record_of_declared_parameters_is_read() -> None:
    text = change(configuration={"parameters": {"depth": 3, "rate": 1.0}}, sha256=None)
    found = parse_record(text, "here").sealed()
    assert found.configuration == FreeConfiguration(parameters={"depth": 3, "rate": 1.0})
    assert parse_record(found.model_dump_json(indent=1), "here") == found


NETWORK = json.loads(TEXT)["configuration"]


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        (
            {**NETWORK, "n_layer": 1},
            r'configuration: unknown key "n_layer"; did you mean n_layers\?',
        ),
        ({**NETWORK, "d_model": "x"}, r'configuration: d_model="x", expected integer$'),
        ({**NETWORK, "d_model": 15}, r"configuration: d_model=15 is not divisible by n_heads=2$"),
        (
            {**NETWORK, "options": {"x": [1]}},
            r"configuration, options: x=\[1\], expected finite nu",
        ),
        ({"parameters": {}}, r"configuration: parameters=\{\}, expected at least 1 item$"),
        ({"parameters": {"x": [1]}}, r"configuration, parameters: x=\[1\], expected finite number"),
        ({"parameters": {"x": 1}, "y": 1}, r'configuration: unknown key "y"; valid: parameters$'),
        (5, r"configuration=5, expected an object$"),
    ],
)
def test_a_mistake_in_a_configuration_is_of_one_kind_alone(
    configuration: object, message: str
) -> None:
    with pytest.raises(InputError, match=f"^here: {message}"):
        parse_record(change(configuration=configuration, sha256=None), "here")
