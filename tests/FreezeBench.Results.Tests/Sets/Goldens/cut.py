"""Cuts the fixtures of the schema tests from a results folder, byte for byte where a file's own version is asked for.

    python3 cut.py ../../../../results/amd-epyc-2c-e56af278

schema-1: the first rows of version 1, without the columns that came later.
schema-2: the first rows of version 1 as today's files hold them, and the first ones of version 2.
No cell here has a quote or a separator in it, so that lines can be split at commas.
"""
import pathlib
import sys

ADDED_IN_2 = {"accuracy.csv": ["policy_in_force", "class_selection", "schedule", "base_learning_rate_head",
                               "base_learning_rate_backbone", "label_smoothing", "augmentation", "feature_extraction_time_s"]}
ONLY_SINCE_2 = {"runs.csv"}
# Rows of version 1 and of version 2; of samples.csv so many that each row of benchmarks.csv has all of its own.
ROWS = {"benchmarks.csv": (2, 2), "samples.csv": (14, 6), "accuracy.csv": (2, 2), "runs.csv": (0, 1)}


def main(results: pathlib.Path) -> None:
    here = pathlib.Path(__file__).parent
    for name, (firsts, seconds) in ROWS.items():
        header, *lines = (results / name).read_text(encoding="utf-8").splitlines()
        assert '"' not in "".join(lines), name
        first = [line for line in lines if line.startswith("1,")][:firsts]
        second = [line for line in lines if line.startswith("2,")][:seconds]
        if name not in ONLY_SINCE_2:
            kept = [place for place, column in enumerate(header.split(",")) if column not in ADDED_IN_2.get(name, [])]
            write(here / "schema-1" / results.name / name, [",".join(line.split(",")[place] for place in kept) for line in [header, *first]])
        write(here / "schema-2" / results.name / name, [header, *first, *second])
    for version in ["schema-1", "schema-2"]:
        (here / version / results.name / "environment.json").write_bytes((results / "environment.json").read_bytes())


def write(path: pathlib.Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")


main(pathlib.Path(sys.argv[1]).resolve())
