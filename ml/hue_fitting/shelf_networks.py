"""Train the shelf model's networks with torch.

The loss is a genre's binary cross-entropy with the collection's own log odds added to the network's
output: what the mix of a collection explains is not left for the colours to explain.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.hue_fitting.shelf_data import Prior
from ml.hues.shelves import Network

Settings = dict[str, Any]


def train_networks(
    values: NDArray[np.float64],
    member: NDArray[np.bool_],
    known: Prior,
    settings: Settings,
    seed: int = 0,
) -> Network:
    """Train an ensemble; the same covers, settings and seed give the same networks.

    Args:
        values: [n, f] features.
        member: [n, g] genres.
        known: the covers' prior.
        settings: section `shelves` of `ml/settings.toml`.
        seed: of the first network; the next ones count up.
    """
    mean, scale = values.mean(axis=0), values.std(axis=0) + 1e-2
    read = np.clip((values - mean) / scale, -3, 3)
    parts = [
        _train(read, member, known, settings, seed + number)
        for number in range(settings["networks"])
    ]
    return Network(mean, scale, *(np.stack(arrays) for arrays in zip(*parts, strict=True)))


def _train(
    read: NDArray[np.float64],
    member: NDArray[np.bool_],
    known: Prior,
    settings: Settings,
    seed: int,
) -> list[NDArray[np.float64]]:
    """Return the weights and biases of one network: [f, h], [h], [h, g], [g]."""
    import torch
    from torch import nn

    torch.manual_seed(seed)
    inputs, truth, offset, counted = (
        torch.tensor(array, dtype=torch.float32)
        for array in (read, member, known.logit, known.counted)
    )
    hidden = nn.Linear(inputs.shape[1], settings["hidden"])
    out = nn.Linear(settings["hidden"], truth.shape[1])
    network = nn.Sequential(
        nn.Dropout(settings["input_dropout"]),
        hidden,
        nn.GELU("tanh"),
        nn.Dropout(settings["dropout"]),
        out,
    )
    optimiser = torch.optim.AdamW(
        network.parameters(), settings["lr"], weight_decay=settings["weight_decay"]
    )
    steps = settings["epochs"] * -(-len(inputs) // settings["batch"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings["lr"], total_steps=steps)
    measure = nn.BCEWithLogitsLoss(reduction="none")
    for _ in range(settings["epochs"]):
        for rows in torch.split(torch.randperm(len(inputs)), settings["batch"]):
            each = measure(network(inputs[rows]) + offset[rows], truth[rows])
            optimiser.zero_grad()
            (each * counted[rows]).sum(dim=1).mean().backward()
            optimiser.step()
            schedule.step()
    return [
        layer.detach().double().numpy()
        for layer in (hidden.weight.T, hidden.bias, out.weight.T, out.bias)
    ]
