"""Writes Cases/*.json, the reference values of the tests: `python generate_cases.py`."""

import torch

from case_files import write
from layer_cases import ENTRIES, entry_document, fused_document
from policy_cases import plateaus_document, policies_document
from solver_cases import solver_document, trajectory_document
from solver_rules import RULES


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    for name in ENTRIES:
        write(name, entry_document(name))
    write("Fused", fused_document())
    for name in RULES:
        write(name, solver_document(name))
    write("policies", policies_document())
    write("plateaus", plateaus_document())
    write("trajectory", trajectory_document())


if __name__ == "__main__":
    main()
