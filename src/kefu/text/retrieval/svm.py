"""A linear classifier: one-against-the-rest support vector machines, all classes trained at once.

Dual coordinate descent for the squared hinge loss (Hsieh, Chang, Lin, Keerthi and Sundararajan, 2008). A step looks at one
example and moves all classes together, which is what makes plain numpy as fast as compiled solvers here.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kefu.text.retrieval.vectors import Floats, Rows

COST = 1.0  # what an error costs beside the length of the weights
PASSES = 5  # over all examples; more changes nothing that counts
STILL = 1e-3  # an example that moves no class by more than this is not looked at again
SEED = 7


def train(rows: Rows, labels: NDArray[np.int64], classes: int, features: int) -> Floats:
    """Weights, shape (features + 1, classes), float32; the last row is the bias. Deterministic."""
    weights = np.zeros((features + 1, classes), np.float32)
    alphas = np.zeros((len(rows), classes), np.float32)
    slack = np.float32(1 / (2 * COST))
    curve = np.float32(2) + slack  # a vector of length 1 and its bias
    order = np.random.default_rng(SEED)
    active = np.arange(len(rows))
    starts, truth = rows.starts.tolist(), labels.tolist()
    values = [rows.values[a:b] for a, b in pairwise(starts)]
    for _ in range(PASSES):
        moving = []
        for row in order.permutation(active).tolist():
            own, value, alpha = truth[row], values[row], alphas[row]
            ids = rows.ids[starts[row] : starts[row + 1]]
            held = weights.take(ids, axis=0)
            margin = value @ held + weights[-1]
            margin[own] = -margin[own]
            step = np.maximum(alpha + (margin + 1 - slack * alpha) / curve, 0) - alpha
            if np.abs(step).max() > STILL:
                alpha += step
                step[own] = -step[own]
                weights[ids] = held - np.outer(value, step)
                weights[-1] -= step
                moving.append(row)
        active = np.array(moving, np.int64)
    return weights
