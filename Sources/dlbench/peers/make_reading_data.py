"""Writes the data of the reading benchmarks: two tables of 1,000,000 rows, and 2,000 JPEG files.

Usage: make_reading_data.py FOLDER

Needs numpy, pandas and Pillow. Every value comes from one seed.
"""

import pathlib
import sys

import numpy as np
import pandas as pd
from PIL import Image

ROWS = 1_000_000
CLASSES, IMAGES_PER_CLASS = 10, 200
CITIES = ["Berlin", "Köln", "Paris", "Rome", "Oslo", "Wien", "Lyon", "Madrid"]


def write_tables(folder, random):
    numbers = np.round(random.standard_normal((ROWS, 20)) * 100, 4)
    names = [f"x{index}" for index in range(20)]
    pd.DataFrame(numbers, columns=names).to_csv(folder / "table_numbers.csv", index=False)
    columns = {f"n{index}": np.round(numbers[:, index] * 10, 3) for index in range(4)}
    for index in range(2):
        columns[f"i{index}"] = random.integers(0, 100_000, ROWS)
    columns["city"] = np.array([f"City of {city}" for city in CITIES])[random.integers(0, 8, ROWS)]
    streets = np.array([f"Street number {number}" for number in range(5000)])
    columns["street"] = streets[random.integers(0, 5000, ROWS)]
    columns["flag"] = np.array(["true", "false"])[random.integers(0, 2, ROWS)]
    days = random.integers(0, 9000, ROWS).astype("timedelta64[D]")
    columns["date"] = (np.datetime64("2000-01-01") + days).astype(str)
    seconds = random.integers(0, 700_000_000, ROWS).astype("timedelta64[s]")
    columns["time"] = (np.datetime64("2000-01-01T00:00:00") + seconds).astype(str)
    pd.DataFrame(columns).to_csv(folder / "table_mixed.csv", index=False)


def write_images(folder, random):
    """Smooth colours with noise, which compress about as photographs do."""
    for label in range(CLASSES):
        path = folder / "images" / str(label)
        path.mkdir(parents=True, exist_ok=True)
        for index in range(IMAGES_PER_CLASS):
            small = random.integers(0, 256, (12, 16, 3), dtype=np.uint8)
            smooth = np.asarray(Image.fromarray(small).resize((500, 375), Image.BICUBIC))
            noisy = smooth + random.normal(0, 12, (375, 500, 1))
            pixels = noisy.clip(0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(path / f"{index:03}.jpg", quality=88)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    write_tables(folder, random)
    write_images(folder, random)


if __name__ == "__main__":
    main()
