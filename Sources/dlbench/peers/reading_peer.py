"""Reads the data of a reading benchmark with pandas, pyarrow or torchvision, and prints one line of JSON.

Usage: reading_peer.py --task TASK --library LIBRARY --folder FOLDER --threads N

`make_reading_data.py FOLDER` writes the data. pandas reads with its C engine, and parses dates as the
others do. It starts a second thread of its own for text, so the caller pins it to N processors. torchvision has N worker processes. One epoch of images is timed after the workers have started.
"""

import argparse
import json
import resource
import time


def read_with_pandas(path, threads):
    import pandas

    begin = time.perf_counter()
    with open(path) as file:
        dates = [name for name in file.readline().strip().split(",") if name in ("date", "time")]
    return len(pandas.read_csv(path, engine="c", parse_dates=dates)), begin


def read_with_pyarrow(path, threads):
    import pyarrow
    from pyarrow import csv

    pyarrow.set_cpu_count(threads)
    begin = time.perf_counter()
    options = csv.ReadOptions(use_threads=threads > 1)
    return csv.read_csv(path, read_options=options).num_rows, begin


def read_with_torchvision(folder, threads):
    import torch
    from torch.utils.data import DataLoader
    from torchvision import datasets, transforms

    torch.set_num_threads(1)
    change = transforms.Compose([
        transforms.Resize(256), transforms.RandomCrop(224), transforms.RandomHorizontalFlip(),
        transforms.ToTensor()])
    loader = DataLoader(
        datasets.ImageFolder(folder, change), batch_size=50, shuffle=True, num_workers=threads,
        persistent_workers=threads > 0)
    next(iter(loader))
    begin = time.perf_counter()
    return sum(len(labels) for _, labels in loader), begin


READERS = {
    "pandas": read_with_pandas, "pyarrow": read_with_pyarrow, "torchvision": read_with_torchvision}


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--task", required=True)
    parser.add_argument("--library", required=True, choices=READERS)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    name = "images" if options.task == "images" else f"{options.task}.csv"
    count, begin = READERS[options.library](f"{options.folder}/{name}", options.threads)
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak += options.threads * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({
        "peer": options.library, "steps_per_s": count / seconds, "peak_rss_mb": peak / 1024,
        "total_s": seconds}))


if __name__ == "__main__":
    main()
