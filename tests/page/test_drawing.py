"""A page draws new numbers as Python does, bit for bit."""

from hashlib import sha256

from page.scripts import run

from rnncalc.problems.draw import draw_array

TEXTS = ["", "abc", "é😀", *("x" * n for n in (55, 56, 63, 64, 119, 120, 1000))]
TABLES = [
    {"seed": seed, "name": name, "size": 200, "decimals": decimals}
    for seed in (0, 1, 7, 2**53 - 1, "a text")
    for name in ("Wxh", "Whh_L2", "c_0")
    for decimals in (1, 2, 6, 15)
]


def test_the_numbers_are_those_of_python():
    drawn = run("draw.mjs", {"tables": TABLES, "texts": TEXTS})
    for table, numbers in zip(TABLES, drawn["drawn"], strict=True):
        expected = draw_array(table["seed"], table["name"], (1, table["size"]), table["decimals"])
        assert numbers == expected[0].tolist()


def test_the_hash_is_that_of_python():
    hashes = run("draw.mjs", {"tables": [], "texts": TEXTS})["hashes"]
    assert hashes == [sha256(text.encode()).hexdigest() for text in TEXTS]
