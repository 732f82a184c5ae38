"""Whether an expression in a Python file may hold trials, or is one configuration."""

import ast
from collections.abc import Collection, Iterator, Mapping

from trial_sets.vocabulary import NETWORK, Vocabulary


def is_dict(node: ast.AST) -> bool:
    """Tell whether an expression is a dict: ``{...}``, ``dict(...)`` or ``{...} | ...``."""
    match node:
        case ast.Dict() | ast.Call(func=ast.Name(id="dict")):
            return True
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return any(is_dict(part) or isinstance(part, ast.Name) for part in (left, right))
    return False


def is_collection(node: ast.expr) -> bool:
    """Tell whether an expression is a dict or a list, or becomes one."""
    return is_dict(node) or isinstance(node, ast.List | ast.Tuple | ast.ListComp | ast.DictComp)


def may_hold_trials(
    node: ast.expr,
    dicts: Mapping[str, ast.expr],
    holders: Collection[str],
    words: Vocabulary = NETWORK,
) -> bool:
    """Tell whether some value in a collection is a dict, or might come out as one.

    Of lists only those count that hold hyperparameters: lists of dicts are common.

    Parameters
    ----------
    node
        The collection.
    dicts
        The dicts that have names.
    holders
        The names of collections for which the answer was yes.
    words
        Tell hyperparameters from other keys.
    """
    if isinstance(node, ast.BinOp):
        return any(
            part.id in holders
            if isinstance(part, ast.Name)
            else may_hold_trials(part, dicts, holders, words)
            for part in (node.left, node.right)
        )
    if isinstance(node, ast.ListComp | ast.DictComp):
        return any(map(words.is_hyperparameter, _list_all_keys(node)))
    if any(isinstance(part, ast.Name) and part.id in holders for part in _list_unpacked(node)):
        return True
    values = list(_list_values(node))
    names = {value.id for value in values if isinstance(value, ast.Name)}
    named = [dicts[name] for name in names if name in dicts]
    if isinstance(node, ast.List | ast.Tuple):
        held = [*filter(is_dict, values), *named]
        return any(words.is_hyperparameter(key) for part in held for key in _list_all_keys(part))
    return bool(named) or any(
        isinstance(value, ast.Call)
        or any(isinstance(part, ast.DictComp) or is_dict(part) for part in ast.walk(value))
        for value in values
    )


def is_configuration(node: ast.expr, words: Vocabulary = NETWORK) -> bool:
    """Tell whether a dict holds a hyperparameter, or a list Hydra's overrides of one."""
    if is_dict(node):
        return any(map(words.is_hyperparameter, list_keys(node)))
    values = list(_list_values(node))
    texts = [v.value for v in values if isinstance(v, ast.Constant) if isinstance(v.value, str)]
    heads = [text.partition("=")[0] for text in texts if "=" in text]
    names = [*heads, *(head.rpartition(".")[2] for head in heads)]
    return len(heads) == len(values) and any(map(words.is_hyperparameter, names))


def holds_only_groups(node: ast.expr, words: Vocabulary = NETWORK) -> bool:
    """Tell whether every key of a dict is a group's: `model` and `optim`."""
    keys = list(list_keys(node))
    return bool(keys) and all(map(words.is_group, keys))


def is_mostly_hyperparameters(node: ast.expr, words: Vocabulary = NETWORK) -> bool:
    """Tell whether more than half of a configuration's keys are hyperparameters."""
    keys = list(list_keys(node))
    return 2 * sum(map(words.is_hyperparameter, keys)) > len(keys)


def only_collects(node: ast.expr, names: Collection[str]) -> bool:
    """Tell whether an expression holds nothing but what some names stand for."""
    if isinstance(node, ast.BinOp):
        return all(only_collects(part, names) for part in (node.left, node.right))
    if isinstance(node, ast.Name):
        return node.id in names
    parts = [*_list_values(node), *_list_unpacked(node)]
    return bool(parts) and all(isinstance(n, ast.Name) and n.id in names for n in parts)


def list_used(node: ast.expr) -> Iterator[str]:
    """Yield the names of what an expression takes over whole, and not some part of."""
    parts = {id(n.value) for n in ast.walk(node) if isinstance(n, ast.Subscript)}
    yield from (n.id for n in ast.walk(node) if isinstance(n, ast.Name) and id(n) not in parts)


def list_keys(node: ast.AST) -> Iterator[str]:
    """Yield the keys of a dict that stand there as text."""
    yield from (key for key, _ in list_places(node) if not key.isdecimal())


def list_places(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield the keys of a dict, or the numbers of a list's elements, and their places."""
    match node:
        case ast.Dict(keys=keys):
            for key in keys:
                if isinstance(key, ast.Constant) and isinstance(key.value, str | int):
                    yield str(key.value) if isinstance(key.value, str) else f"{key.value:.0f}", key
        case ast.Call(keywords=keywords):
            yield from ((word.arg, word.value) for word in keywords if word.arg)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            yield from ((str(number), element) for number, element in enumerate(elements))
        case ast.BinOp(left=left, right=right):
            yield from list_places(left)
            yield from list_places(right)


def _list_all_keys(node: ast.expr) -> Iterator[str]:
    for part in ast.walk(node):
        if is_dict(part):
            yield from list_keys(part)


def _list_values(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what stands in a collection by itself."""
    match node:
        case ast.Dict(keys=keys, values=values):
            yield from (value for key, value in zip(keys, values, strict=True) if key is not None)
        case ast.Call(keywords=keywords):
            yield from (word.value for word in keywords if word.arg)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            yield from (element for element in elements if not isinstance(element, ast.Starred))


def _list_unpacked(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what a collection takes over: ``**BASE`` and ``*FIRST``."""
    match node:
        case ast.Dict(keys=keys, values=values):
            yield from (value for key, value in zip(keys, values, strict=True) if key is None)
        case ast.Call(args=arguments, keywords=keywords):
            yield from arguments
            yield from (word.value for word in keywords if word.arg is None)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            yield from (element.value for element in elements if isinstance(element, ast.Starred))
