"""The frames of several files as one."""

from dataclasses import replace

import pandas as pd

from analysis.frames.frame import Space, TrialFrame, make_frame
from trial_sets.errors import InputError
from trial_sets.wording import join_words


def pool_frames(frames: list[TrialFrame]) -> TrialFrame:
    """Stack the frames of several files into one.

    Raises
    ------
    InputError
        When the files optimise in different directions or record different metrics.
    """
    if len(frames) == 1:
        return frames[0]
    known = [frame for frame in frames if frame.is_direction_known] or frames
    _check_directions(known)
    _check_metrics(known)
    names = tuple(dict.fromkeys(name for frame in frames for name in frame.params))
    rows = pd.concat([frame.rows for frame in frames], ignore_index=True)
    pooled = make_frame(
        rows.drop(columns="configuration"),
        names,
        metric=known[0].metric,
        direction=known[0].direction,
        is_direction_known=known[0].is_direction_known,
        spaces={name: space for frame in frames for name, space in frame.spaces.items()},
        notes=dict.fromkeys(note for frame in frames for note in frame.notes),
    )
    studies = tuple(dict.fromkeys(name for frame in frames for name in frame.studies))
    return replace(
        pooled,
        spaces=_merge_spaces(frames),
        studies=studies,
        assumptions=_gather_assumptions(frames),
        direction_source=known[0].direction_source,
    )


def _gather_assumptions(frames: list[TrialFrame]) -> tuple[str, ...]:
    """Say each assumption once, with the files that it is of."""
    files: dict[str, list[str]] = {}
    for frame in frames:
        for sentence in frame.assumptions:
            files.setdefault(sentence, []).append(_name_file(frame))
    return tuple(f"{join_words(names, most=3)}: {said}" for said, names in files.items())


def _check_directions(frames: list[TrialFrame]) -> None:
    first = frames[0]
    other = next((frame for frame in frames if frame.direction != first.direction), None)
    if other is not None:
        raise InputError(
            f"the files disagree on the direction: {_name_file(first)} {first.direction}s "
            f"{first.metric}, {_name_file(other)} {other.direction}s {other.metric}; "
            "analyze them apart, or say --direction"
        )


def _check_metrics(frames: list[TrialFrame]) -> None:
    named = [frame for frame in frames if frame.metric != "value"] or frames
    other = next((frame for frame in named if frame.metric != named[0].metric), None)
    if other is not None:
        raise InputError(
            f"the files record different metrics: {named[0].metric} in {_name_file(named[0])}, "
            f"{other.metric} in {_name_file(other)}; name one with --metric"
        )


def _name_file(frame: TrialFrame) -> str:
    files = frame.rows["file"].dropna()
    return str(files.iloc[0]) if len(files) else "a frame without a file"


def _merge_spaces(frames: list[TrialFrame]) -> dict[str, Space]:
    merged: dict[str, Space] = {}
    for name, space in (item for frame in frames for item in frame.spaces.items()):
        merged[name] = merge_spaces(merged[name], space) if name in merged else space
    return merged


def merge_spaces(one: Space, other: Space) -> Space:
    """Return the range that holds both; only the same step is a step of both."""
    chosen = one.choices and other.choices
    return Space(
        low=min(one.low, other.low),
        high=max(one.high, other.high),
        is_log=one.is_log or other.is_log,
        choices=tuple(dict.fromkeys([*one.choices, *other.choices])) if chosen else (),
        step=one.step if (one.step, one.low) == (other.step, other.low) else None,
        originals=one.originals if one.originals == other.originals else (),
    )
