"""A metric in the words and numbers of a report."""

from analysis.report.yardstick import Yardstick
from trial_sets.task import AUC, Metric

ERROR = Metric(name="rmse", direction="minimize")


def test_an_auc_has_four_decimals_whatever_its_rope() -> None:
    assert Yardstick.of(AUC, 0.2) == Yardstick()
    assert Yardstick().write(0.71504) == "0.7150"


def test_an_error_is_written_as_its_rope_asks_and_its_gains_are_positive() -> None:
    found = Yardstick.of(ERROR, 0.5)
    assert (found.write(53.2134), found.write_oriented(-53.2134)) == ("53.21", "53.21")
    assert (found.write_gain(1.5), found.write_gain(1.5, is_signed=False)) == ("+1.50", "1.50")
    assert (found.title, found.difference) == ("RMSE", "Gain")


def test_without_a_rope_its_values_say_how_fine() -> None:
    assert Yardstick.of(ERROR, 0.0, [0.0040, 0.0044]).write(0.0042131) == "0.004213"


def test_a_name_of_ones_own_obeys_no_markup() -> None:
    name = Metric(name="a|b_<c>", direction="maximize")
    assert "|" not in Yardstick(name).title.replace("\\|", "")
    assert "<" not in Yardstick(name).title


def test_rows_without_time_have_no_test_period() -> None:
    assert Yardstick(is_ordered=False).test_part == "set of test rows"
    assert Yardstick().test_part == "test period"
