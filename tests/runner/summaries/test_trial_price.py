"""What a trial costs before it has run."""

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest

from runner.planning.estimate import ask
from runner.planning.request import Request
from runner.search.planning import plan_search
from runner.search.request import SearchRequest
from runner.summaries.trial_price import price_trials
from runner.translation import architecture_of
from tests.runner.search.conftest import ask_for, run, space, write_study
from tests.trial_sets.loading.conftest import WHOLE


def test_a_trainer_of_ones_own_has_a_price_once_it_has_run(tmp_path: Path) -> None:
    asked = ask_for(write_study(tmp_path), trials=2)
    plan = plan_search(asked)
    price = price_trials(plan.searched, plan.run.info, plan.run.speed, custom=True)
    assert (price.seconds, price.fewest) == (None, None)
    run(plan)
    plan = plan_search(asked)
    price = price_trials(plan.searched, plan.run.info, plan.run.speed, custom=True)
    assert price.seconds is not None
    assert price.source.endswith("measured on 2 fits")


def test_the_largest_network_is_that_of_the_spaces_corner(tmp_path: Path) -> None:
    """A corner of four dimensions is hardly ever drawn."""
    (tmp_path / "study.json").write_text(json.dumps(WHOLE))
    wide = space(
        d_model={"type": "int", "low": 8, "high": 512, "step": 8},
        n_layers={"type": "int", "low": 1, "high": 12},
        d_ff_ratio={"type": "int", "low": 1, "high": 8},
    )
    (tmp_path / "space.json").write_text(wide.model_dump_json(exclude_defaults=True))
    request = Request(study=str(tmp_path), output=tmp_path / "outputs", device="cpu")
    plan = plan_search(SearchRequest(request, trials=2))
    info, searched = plan.run.info, plan.searched
    price = price_trials(searched, info, plan.run.speed, custom=False)
    for largest, counted in ((False, price.fewest), (True, price.most)):
        corner = searched.find_corner(largest=largest)
        assert corner is not None
        assert architecture_of(corner, ask(info.data)).count_parameters() == counted


def test_points_lie_in_the_space_and_lack_what_does_not_vary_there() -> None:
    both = space(
        optimizer={"choices": ["adam", "sgd"]},
        rate={"type": "float", "low": 1e-5, "high": 1, "log": True},
        momentum={"type": "float", "low": 0, "high": 1, "when": {"optimizer": ["sgd"]}},
    )
    random = Random(1)
    drawn = [both.draw_point(random) for _ in range(400)]
    assert not [point for point in drawn if both.find_fault(point)]
    shares = [point["optimizer"] == "sgd" for point in drawn]
    assert np.mean(shares) == pytest.approx(0.5, abs=0.08)
    rates = [float(point["rate"]) for point in drawn]
    assert np.median(np.log10(rates)) == pytest.approx(-2.5, abs=0.4)
