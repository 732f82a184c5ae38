"""What a trial costs before it has run."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

from runner.search.planning import plan_search
from runner.summaries.trial_price import price_trials
from tests.runner.search.conftest import ask_for, run, space, write_study


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
