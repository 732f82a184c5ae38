"""The quick-reference page: of the LSTM's study as it stands, and of any other space."""

from pathlib import Path

import pytest

from trial_sets.loading.search_study import load_search_study
from trial_sets.loading.study_folder import find_study
from trial_sets.space import Dimension, SearchSpace
from trial_sets.tuning.page import Outline, write_page

GOLDEN = Path(__file__).parent / "golden_page.md"


@pytest.fixture(scope="module")
def lstm() -> Outline:
    found = load_search_study(find_study("lstm"))
    return Outline(
        title=found.study.title,
        model="LSTM",
        objective="minimize val RMSE",
        space=found.space,
        fixed=found.fixed,
        default=found.default,
        sampler="tpe",
        n_trials=10,
        n_rows=3806,
        n_parameters=226_945,
    )


def test_the_page_of_the_lstm_is_the_golden_one(lstm: Outline) -> None:
    assert write_page(lstm) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "fact",
    [
        "| `hidden_size` | int | 64 | 256 | 64 | Uniform |",
        "| `n_layers` | int | 1 | 3 | 1 | Uniform |",
        "| `dropout` | float | 0 | 0.4 | continuous | Uniform |",
        "| `learning_rate` | float | 1e-4 | 5e-3 | continuous | **Log-uniform** |",
        "| `batch_size` | categorical | - | - | [32, 64, 128] | Discrete |",
        "4 x 3 x 3 = **36 base configurations**",
        "**Total:** infinite (`dropout` and `learning_rate` continuous)",
        "| `gradient_clip` | 1 |",
        "| `epochs` | 5 |",
        "| `optimizer` | adam |",
        "| `loss` | mse |",
        "| `learning_rate` | 1 | critical |",
        "| `hidden_size` | 4 | low to medium |",
        "hidden_size at its highest, 256: try larger ones",
    ],
)
def test_the_facts_of_the_page_come_out(lstm: Outline, fact: str) -> None:
    assert fact in write_page(lstm)


def test_a_conditional_space_says_where_its_dimensions_vary() -> None:
    space = SearchSpace(
        dimensions={
            "optimizer": Dimension(choices=("adam", "sgd")),
            "momentum": Dimension(type="float", low=0.5, high=0.5, when={"optimizer": ("sgd",)}),
            "layers": Dimension(type="int", low=1, high=50),
        }
    )
    page = write_page(Outline("x", "y", "maximize val AUC", space))
    assert "Step/Options | Sampling | Only where |" in page
    assert "| `optimizer` | categorical | - | - | [adam, sgd] | Discrete |  |" in page
    assert "| `momentum` | float | 0.5 | 0.5 | - | Uniform | `optimizer` is sgd |" in page
    assert "| `layers` | 1 to 50 (50 values) |" in page
    assert "**Discrete combinations:** **100 configurations**" in page
    assert "infinite" not in page
    assert "- **Trials:** not said" in page
    assert "The base lies outside the space" in page
    assert "## Fixed" not in page


def test_a_space_of_ranges_alone_has_no_base_configurations() -> None:
    rates = Dimension(type="float", low=1e-5, high=1e-1, log=True)
    space = SearchSpace(dimensions=dict.fromkeys(("a", "b", "c"), rates))
    outline = Outline("x", "y", "z", space, sampler="grid", n_trials=60, hours=0.5, n_rows=200)
    page = write_page(outline)
    assert "Discrete combinations" not in page
    assert "125 points with 5 levels in each continuous range, above the 100" in page
    assert "- **Explored by 60 trials:** at most 48 % of the grid's 125 points" in page
    assert "- A grid needs a step or choices for a, b and c." in page
    assert "- 200 rows train: below 1,000" in page
    assert "- Under an hour: tune by hand." in page


def test_texts_of_a_file_format_nothing() -> None:
    space = SearchSpace(
        dimensions={"a": Dimension(choices=("x|y", "*z*"), description="Line\n| b | <script>")}
    )
    page = write_page(Outline("# t|t", "m", "o", space, fixed={"k`|": "v|"}))
    assert "[x\\|y, \\*z\\*]" in page
    assert "- `a`: Line \\| b \\| \\<script>" in page
    assert "| `k' ` | v\\| |" in page
