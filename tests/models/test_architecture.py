import subprocess
import sys
from typing import Any

import pytest

from models.architecture import Architecture, LstmArchitecture

TRIAL_5 = Architecture(n_features=55)
TRIAL_15 = Architecture(n_features=55, d_model=96, n_layers=2, d_ff_ratio=2)


def test_the_base_window_has_nine_patches() -> None:
    assert TRIAL_5.n_patches == 9
    assert TRIAL_5.d_patch == 880
    assert (TRIAL_5.d_head, TRIAL_5.d_ff) == (16, 512)


@pytest.mark.parametrize(("context", "expected"), [(16, 1), (23, 1), (24, 2), (87, 9), (88, 10)])
def test_patches_need_whole_strides(context: int, expected: int) -> None:
    assert Architecture(n_features=1, context=context).n_patches == expected


def test_trial_5_has_1_31_million_parameters() -> None:
    # Projection, positions, six layers, last normalisation, head, affine map of RevIN.
    assert TRIAL_5.count_parameters() == 112_768 + 1152 + 6 * 198_272 + 256 + 1153 + 110
    assert round(TRIAL_5.count_parameters() / 1e6, 2) == 1.31


def test_the_window_affine_map_goes_with_revin() -> None:
    without = Architecture(n_features=55, revin=False)
    assert TRIAL_5.count_parameters() - without.count_parameters() == 2 * 55


def test_trial_15_is_a_tenth_of_trial_5() -> None:
    assert TRIAL_15.count_parameters() == 110 + 85_440 + 2 * (8 * 96**2 + 11 * 96) + 192 + 865


def test_a_training_sample_of_trial_5_takes_70_5_megaflop() -> None:
    assert TRIAL_5.count_flops(training=True) == pytest.approx(70.5e6, rel=1e-3)
    assert TRIAL_5.count_flops(training=False) == pytest.approx(23.5e6, rel=1e-3)


def test_every_output_has_a_head_of_its_own() -> None:
    ten = Architecture(n_features=55, outputs=10)
    assert ten.count_parameters() - TRIAL_5.count_parameters() == 9 * 1153
    assert ten.count_flops(training=False) - TRIAL_5.count_flops(training=False) == 9 * 2 * 1152


def test_the_parameters_of_an_lstm_by_hand() -> None:
    """A layer has 4 x 8 x (5 + 8) weights and 2 x 4 x 8 biases, the second 4 x 8 x (8 + 8)."""
    found = LstmArchitecture(n_features=5, hidden_size=8, n_layers=2)
    assert found.count_parameters() == (416 + 64) + (512 + 64) + 9
    classes = LstmArchitecture(n_features=5, hidden_size=8, n_layers=1, outputs=3)
    assert classes.count_parameters() == 480 + 27


def test_the_work_of_an_lstm_by_hand() -> None:
    """Ten rows, in each 2 x 416 and 2 x 512 operations; 2 x 8 in the head."""
    found = LstmArchitecture(n_features=5, context=10, hidden_size=8, n_layers=2)
    assert found.count_flops(training=False) == 10 * (832 + 1024) + 16
    assert found.count_flops(training=True) == 3 * found.count_flops(training=False)


@pytest.mark.parametrize("name", ["n_features", "context", "hidden_size", "n_layers", "outputs"])
@pytest.mark.parametrize("value", [0, -1, 1.0, True])
def test_impossible_sizes_of_an_lstm_are_refused(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{name}={value} is not a positive integer"):
        LstmArchitecture(**{"n_features": 5, name: value})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"d_model": 100}, "d_model=100 is not divisible by n_heads=8"),
        ({"patch": 81}, "patch=81 days is longer than context=80 days"),
        ({"n_layers": 0}, "n_layers=0 is not a positive integer"),
        ({"stride": -1}, "stride=-1 is not a positive integer"),
        ({"d_model": 128.0}, "d_model=128.0 is not a positive integer"),
        ({"n_heads": True}, "n_heads=True is not a positive integer"),
    ],
)
def test_impossible_shapes_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Architecture(**{"n_features": 55, **changes})


@pytest.mark.parametrize(
    "module", ["architecture", "settings", "epoch_metrics", "training.stopping", "training.results"]
)
def test_what_a_plan_needs_imports_neither_torch_nor_sklearn(module: str) -> None:
    code = f"import sys, models.{module}; print({{'torch', 'sklearn'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
