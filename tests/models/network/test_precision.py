import pytest
import torch

from models.network.matmul import rounds_to_bf16
from models.network.precision import FullProducts, RoundedProducts, RoundingProducts, open_products

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


@pytest.mark.parametrize(
    ("device", "by_itself", "expected"),
    [
        (CPU, True, RoundingProducts),
        (CPU, False, RoundedProducts),
        (torch.device("meta"), True, RoundedProducts),
    ],
)
def test_the_processor_rounds_by_itself_where_it_can(
    device: torch.device, by_itself: bool, expected: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.network.precision.rounds_to_bf16", lambda: by_itself)
    assert type(open_products("bf16", device)) is expected


@pytest.mark.parametrize("products", [RoundingProducts(), RoundedProducts()])
def test_rounded_products_are_near_and_leave_others_exact(
    products: RoundingProducts | RoundedProducts,
) -> None:
    generator = torch.Generator().manual_seed(0)
    x, y = (torch.randn(shape, generator=generator) for shape in ((2, 96, 64), (2, 64, 80)))
    expected = x.double() @ y.double()
    prepared = products.prepare(x), products.prepare(y)
    found = products.multiply(*prepared, torch.empty(2, 96, 80))
    torch.testing.assert_close(found.double(), expected, rtol=0.02, atol=0.2)
    exact = torch.bmm(x, y)
    torch.testing.assert_close(exact.double(), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("products", [RoundingProducts(), RoundedProducts()])
@pytest.mark.parametrize("added", [False, True])
def test_factors_are_rounded_in_these_products_alone(
    products: RoundingProducts | RoundedProducts, added: bool
) -> None:
    # Sums of 64 terms 1 + 1 / 512, which bfloat16 rounds to 1.
    x, y = torch.full((2, 96, 64), 1 + 1 / 512), torch.ones(2, 64, 80)
    out = torch.zeros(2, 96, 80)
    multiply = products.multiply_onto if added else (lambda out, x, y: products.multiply(x, y, out))
    multiply(out, products.prepare(x), products.prepare(y))
    is_rounded = isinstance(products, RoundedProducts) or rounds_to_bf16()
    assert torch.equal(out, torch.full_like(out, 64 if is_rounded else 64.125))
    assert torch.equal(torch.bmm(x, y), torch.full_like(out, 64.125))


def test_products_are_added_in_place() -> None:
    total = torch.full((1, 1, 1), 2.0)
    assert FullProducts().multiply_onto(total, X, Y) is total
    assert total == 3 + 3 / 512
