"""An answer reaches the fit that it is about, and none of another job."""

import threading

from runner.workers.judgements import Judgements


def test_answers_to_other_fits_and_jobs_are_passed_over() -> None:
    judgements = Judgements()
    wait = judgements.open("now")
    judgements.put("before", 1, go_on=False)
    judgements.put("", 1, go_on=False)
    judgements.put("now", 0, go_on=False)
    judgements.put("now", 1, go_on=True)
    judgements.put("now", 1, go_on=False)
    assert [wait(1), wait(1)] == [True, False]


def test_what_an_earlier_job_has_left_takes_no_answer_away() -> None:
    judgements = Judgements()
    left = threading.Thread(target=judgements.open("before"), args=(0,), daemon=True)
    left.start()
    wait = judgements.open("now")
    judgements.put("now", 0, go_on=True)
    assert wait(0)
    assert left.is_alive()
    judgements.put("before", 0, go_on=True)
    left.join(0.05)
    assert left.is_alive()
