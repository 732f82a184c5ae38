import numpy as np

from analysis.findings.evidence import Evidence, gather_evidence
from analysis.proposal.lead import find_lead
from tests.analysis.conftest import MakeTrials

RNG = np.random.default_rng(0)
RATES = 10 ** RNG.uniform(-4, -1, 100)


def see(make_trials: MakeTrials) -> Evidence:
    """Return trials that are best at rates of 3e-3 and with gelu, and best of all with 0.3."""
    act, dropout = np.resize(["relu", "gelu"], 100), RNG.choice([0.1, 0.3, 0.5], 100)
    metric = 0.7 - 0.01 * (np.log10(RATES) + 2.5) ** 2 + 0.02 * (act == "gelu")
    params = {"lr": RATES, "act": act, "dropout": dropout}
    return gather_evidence(make_trials(metric=metric + 0.1 * (dropout == 0.3), params=params))


def test_of_a_range_the_middle_leads_where_a_configuration_is_far_off(
    make_trials: MakeTrials,
) -> None:
    evidence = see(make_trials)
    value = find_lead(evidence, "lr", 1.1e-4)
    assert isinstance(value, float)
    assert 1e-3 < value < 1e-2
    assert find_lead(evidence, "lr", 3e-3) is None


def test_a_single_value_leads_where_a_configuration_has_another(make_trials: MakeTrials) -> None:
    evidence = see(make_trials)
    assert find_lead(evidence, "dropout", 0.1) == 0.3
    assert find_lead(evidence, "dropout", 0.3) is None
    assert find_lead(evidence, "act", "relu") == "gelu"
    assert find_lead(evidence, "act", "gelu") is None


def test_where_nothing_varies_nothing_leads(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.6, 0.7], params={"lr": [0.1, 0.1]})
    assert find_lead(gather_evidence(frame), "lr", 0.1) is None
