import pytest
import torch

from models.machine import rounds_to_bf16
from models.precision import FullProducts, RoundedProducts, RoundingProducts, open_products

CPU = torch.device("cpu")

X, Y = torch.tensor([[[1.0, 3.0]]]), torch.tensor([[[1.0], [1 / 512]]])  # x y = 1 + 3 / 512


@pytest.mark.parametrize(("precision", "kind"), [("fp32", FullProducts), ("tf32", FullProducts)])
def test_single_precision_loses_nothing(precision: str, kind: type) -> None:
    products = open_products(precision, CPU)  # type: ignore[arg-type]
    assert isinstance(products, kind)
    assert products.multiply(products.prepare(X), products.prepare(Y), torch.empty(1, 1, 1)) == (
        1 + 3 / 512
    )


def test_bfloat16_rounds_to_eight_bits() -> None:
    products = RoundedProducts()
    factors = products.prepare(X), products.prepare(Y)
    product = products.multiply(*factors, torch.empty(1, 1, 1))
    assert product == 1 + 1 / 128  # the nearest of 1, 1 + 1 / 128, ...
    assert product.dtype == torch.float32
    assert products.multiply_onto(torch.ones(1, 1, 1), *factors) == 2 + 1 / 128


def test_the_processor_rounds_by_itself_where_it_can() -> None:
    kind = RoundingProducts if rounds_to_bf16() else RoundedProducts
    assert type(open_products("bf16", CPU)) is kind
    assert type(open_products("bf16", torch.device("meta"))) is RoundedProducts


@pytest.mark.parametrize("products", [RoundingProducts(), RoundedProducts()])
def test_rounded_products_are_near_and_leave_others_exact(
    products: RoundingProducts | RoundedProducts,
) -> None:
    x, y = torch.randn(2, 96, 64), torch.randn(2, 64, 80)
    expected = x.double() @ y.double()
    prepared = products.prepare(x), products.prepare(y)
    found = products.multiply(*prepared, torch.empty(2, 96, 80))
    torch.testing.assert_close(found.double(), expected, rtol=0.02, atol=0.2)
    exact = torch.bmm(x, y)
    torch.testing.assert_close(exact.double(), expected, rtol=1e-4, atol=1e-4)
    if isinstance(products, RoundedProducts) or rounds_to_bf16():
        assert not torch.equal(found, exact)


def test_products_are_added_in_place() -> None:
    total = torch.full((1, 1, 1), 2.0)
    assert FullProducts().multiply_onto(total, X, Y) is total
    assert total == 3 + 3 / 512
