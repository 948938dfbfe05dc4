"""Writes Cases/*.json, the reference values of the tests.

`python generate_cases.py` writes all of them, `python generate_cases.py ReLU Linear` these files only.
"""

import sys

import torch

import activation_cases  # noqa: F401 (each registers its entries)
import expression_cases  # noqa: F401
import image_cases  # noqa: F401
import loss_cases  # noqa: F401
import normalization_cases  # noqa: F401
import shape_cases  # noqa: F401
from array_cases import arrays_document
from case_files import write
from entries import ENTRIES, entry_document
from layer_cases import fused_document
from policy_cases import plateaus_document, policies_document
from solver_cases import solver_document, trajectory_document
from solver_rules import RULES
from trace_cases import trace_document


def main(names):
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    documents = {name: lambda name=name: entry_document(name) for name in ENTRIES}
    documents |= {name: lambda name=name: solver_document(name) for name in RULES}
    documents |= {"Fused": fused_document, "arrays": arrays_document,
                  "policies": policies_document, "plateaus": plateaus_document,
                  "trace": trace_document,
                  "trajectory": trajectory_document}
    for name in names or documents:
        write(name, documents[name]())


if __name__ == "__main__":
    main(sys.argv[1:])
