"""Probabilities as people read them."""


def percent(probability: float) -> str:
    """Write a probability in whole percent, without a certainty that no model has."""
    if probability < 0.01:
        return "under 1%"
    if probability > 0.99:
        return "over 99%"
    return f"{probability:.0%}"
