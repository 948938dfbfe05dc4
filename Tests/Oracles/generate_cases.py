"""Writes Cases/*.json, the reference values of the tests: `python generate_cases.py`."""

import torch

from array_cases import arrays_document
from case_files import write
from layer_cases import ENTRIES, entry_document, fused_document
from solver_cases import policies_document, sgd_document, trajectory_document


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    for name in ENTRIES:
        write(name, entry_document(name))
    write("Fused", fused_document())
    write("SGD", sgd_document())
    write("arrays", arrays_document())
    write("policies", policies_document())
    write("trajectory", trajectory_document())


if __name__ == "__main__":
    main()
