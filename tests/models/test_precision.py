import pytest
import torch

from models.precision import FullProducts, HalfProducts, open_products

X, Y = torch.tensor([[[1.0, 3.0]]]), torch.tensor([[[1.0], [1 / 512]]])  # x y = 1 + 3 / 512


@pytest.mark.parametrize(("precision", "kind"), [("fp32", FullProducts), ("tf32", FullProducts)])
def test_single_precision_loses_nothing(precision: str, kind: type) -> None:
    products = open_products(precision)  # type: ignore[arg-type]
    assert isinstance(products, kind)
    assert products.multiply(products.prepare(X), products.prepare(Y), torch.empty(1, 1, 1)) == (
        1 + 3 / 512
    )


def test_half_precision_rounds_to_eight_bits() -> None:
    products = open_products("bf16")
    assert isinstance(products, HalfProducts)
    factors = products.prepare(X), products.prepare(Y)
    product = products.multiply(*factors, torch.empty(1, 1, 1))
    assert product == 1 + 1 / 128  # the nearest of 1, 1 + 1 / 128, ...
    assert product.dtype == torch.float32
    assert products.multiply_onto(torch.ones(1, 1, 1), *factors) == 2 + 1 / 128


def test_products_are_added_in_place() -> None:
    total = torch.full((1, 1, 1), 2.0)
    assert FullProducts().multiply_onto(total, X, Y) is total
    assert total == 3 + 3 / 512
