"""Compares the memory estimate of `dlrun show` with the peak of a training, for every shipped model.

    memory.py [--data FOLDER] [--program .build/release/dlrun] [--quick] [MODEL…]

The program trains each model for one epoch. The peak (`peak_memory_bytes` of run.json) must be within 20 % + 50 MB of
the estimate. MNIST models need the folder of the MNIST files, and are skipped without --data or with --quick. The
images of digits are written first. The program exits with 1 if a model is further off.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]
UNITS = {"MiB": 2**20, "GiB": 2**30}


def estimate(program, model, settings):
    shown = subprocess.run([program, "show", model, *settings], capture_output=True, text=True)
    found = re.search(r"^memory: ([\d.]+) (MiB|GiB)", shown.stdout, re.M)
    if shown.returncode or not found:
        sys.exit(f"{model}: show ended with {shown.returncode}: {shown.stderr}{shown.stdout}")
    return float(found[1]) * UNITS[found[2]]


def peak(program, model, settings):
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "train", model, *settings, "--output", f"{folder}/run", "--quiet"]
        trained = subprocess.run(command, capture_output=True, text=True)
        # 5: an expectation of the file was not met, which is normal after one epoch.
        if trained.returncode not in (0, 5):
            sys.exit(f"{model}: train ended with {trained.returncode}: {trained.stderr}")
        return json.loads(pathlib.Path(folder, "run/run.json").read_text())["peak_memory_bytes"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="*")
    parser.add_argument("--data", help="the folder of the MNIST files")
    parser.add_argument("--program", default=str(root / ".build/release/dlrun"))
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    models = arguments.models or sorted(map(str, (root / "models").glob("*.yaml")))
    wrong = 0
    digits = None
    for model in models:
        text = pathlib.Path(model).read_text()
        needs_data = "t10k" in text
        if needs_data and (arguments.quick or not arguments.data):
            print(f"{pathlib.Path(model).stem:28} skipped: needs the files of MNIST")
            continue
        # A warm-up must fit the length of a training, so such a model is trained unchanged.
        isShortened = "max_epochs" in text and "warmup" not in text
        settings = ["--set", "solver.max_epochs=1"] if isShortened else []
        if "write_digit_images.py" in text:
            digits = digits or tempfile.TemporaryDirectory()
            script = root / "models/data/write_digit_images.py"
            subprocess.run([sys.executable, script, digits.name], check=True)
            settings += ["--set", f"variables.data={digits.name}"]
        if needs_data:
            settings += ["--set", f"variables.data={pathlib.Path(arguments.data).resolve()}"]
        estimated = estimate(arguments.program, model, settings)
        measured = peak(arguments.program, model, settings)
        isNear = abs(measured - estimated) <= 0.2 * estimated + 50e6
        wrong += not isNear
        print(f"{pathlib.Path(model).stem:28} estimated {estimated / 2**20:8.1f} MiB, "
              f"measured {measured / 2**20:8.1f} MiB{'' if isNear else '  TOO FAR OFF'}", flush=True)
    sys.exit(1 if wrong else 0)


main()
