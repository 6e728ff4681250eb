"""The predictor as a process without a web server, to set beside the original's path.

python -m benchmarks.predictor_only < texts.jsonl > answers.jsonl
"""

import json
import sys

from ml.predictor import Predictor


def main() -> None:
    """Answers each line of standard input, a JSON string, with the genres decided on."""
    predictor = Predictor.load()
    for line in sys.stdin:
        found = predictor.predict(json.loads(line))
        names = [genre.name for genre in found.genres]
        print(json.dumps({"tokens": found.tokens, "labels": names}), flush=True)


if __name__ == "__main__":
    main()
