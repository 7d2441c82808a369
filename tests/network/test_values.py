"""What is said of numbers."""

from rnncalc.network.values import count


def test_things_are_counted_in_plain_words():
    assert [count(n, "decimal") for n in (0, 1, 2)] == ["0 decimals", "1 decimal", "2 decimals"]
    assert [count(n, "class", plural="es") for n in (1, 2)] == ["1 class", "2 classes"]
