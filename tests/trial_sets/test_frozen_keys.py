"""The keys by which records are filed never change: results of years ago stay comparable."""

import pytest

from trial_sets.configuration import FreeConfiguration
from trial_sets.loading.study_folder import find_study, load_study

A50 = {
    "A1": "85c39837417b",
    "A2": "c67afc36ace1",
    "A3": "8181fa58d3e5",
    "A4": "c16674dc1095",
    "A5": "108d7bd275d7",
    "A6": "fc52d60fb9fe",
    "B1": "c0b8baafb036",
    "B2": "63e4bbebbf57",
    "B3": "93102cf9da48",
    "B4": "d340d73ee527",
    "B5": "3ac95e1a44ac",
    "C1": "c0cad98571e5",
    "C2": "94d48306b35d",
    "C3": "07e300dea2ee",
    "C4": "e167401c3314",
    "D1": "88baf49993ec",
    "D2": "6865c4bd1dfb",
    "D3": "229fa0eb6e67",
    "D4": "e2a8d1359fef",
    "E1": "d0b7c0d3dbbc",
    "E2": "e1d7f6cffb42",
    "E3": "3c96843b620e",
    "E4": "46ea92734cf0",
    "F1": "41dc6f0382d7",
    "F2": "94d48306b35d",
    "F3": "4c6f7848e8b2",
    "F4": "793529a362d4",
    "F5": "dd0c5ee5ebe4",
    "F6": "e6c1f6f72716",
    "T5": "d194fd143fe3",
    "T15": "17cfb934ccad",
}


def test_the_keys_of_the_first_study_are_what_they_were() -> None:
    study = load_study(find_study("a50"))
    assert {trial.name: trial.configuration.key for trial in study.trials()} == A50


@pytest.mark.parametrize(
    ("parameters", "key"),
    [
        ({"rate": 0.01, "depth": 3, "act": "relu", "bias": False}, "9ceb530fef98"),
        ({"bias": False, "act": "relu", "depth": 3, "rate": 0.01}, "9ceb530fef98"),
        ({"depth": 3}, "1cd8d898229c"),
        ({"depth": 3.0}, "0adb8020465a"),
    ],
)
def test_the_keys_of_declared_parameters_are_what_they_were(
    parameters: dict[str, float | str], key: str
) -> None:
    assert FreeConfiguration(parameters=parameters).key == key
