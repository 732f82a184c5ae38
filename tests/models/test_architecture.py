import subprocess
import sys
from typing import Any

import pytest

from models.architecture import Architecture

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
    "module", ["architecture", "settings", "metrics", "training.stopping", "training.results"]
)
def test_what_a_plan_needs_imports_neither_torch_nor_sklearn(module: str) -> None:
    code = f"import sys, models.{module}; print({{'torch', 'sklearn'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
