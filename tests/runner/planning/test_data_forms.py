from runner.planning.data_forms import FORMS
from tests.models.data.price_forms import FILES


def test_every_tool_of_the_table_has_a_file_in_the_tests_and_the_other_way_round() -> None:
    assert {form.tool for form in FORMS} == {file.tool for file in FILES.values()}


def test_every_row_says_what_is_read_and_what_is_not() -> None:
    assert len({(form.tool, form.form) for form in FORMS}) == len(FORMS)
    assert all(form.tool and form.form and form.read and form.not_read for form in FORMS)
