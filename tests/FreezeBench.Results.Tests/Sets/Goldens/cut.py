"""Cuts the fixtures of the schema tests from a results folder, byte for byte where a file's own version is asked for.

    python3 cut.py ../../../../results/amd-epyc-2c-e56af278 [FOLDER OF VERSION 4 [FOLDER OF VERSION 5]]

schema-1: the first rows of version 1, without the columns that came later.
schema-2: the first rows of version 1 as files of version 2 hold them, and the first ones of version 2.
schema-3: the first rows of each version as files of version 3 hold them.
schema-4: the first rows of versions 3 and 4 of the second folder, as files of version 4 hold them.
schema-5: the first rows of versions 4 and 5 of the third folder, as files of version 5 hold them.
No cell here has a quote or a separator in it, so that lines can be split at commas.
"""
import pathlib
import sys

ADDED = {
    2: {"accuracy.csv": ["policy_in_force", "class_selection", "schedule", "base_learning_rate_head", "base_learning_rate_backbone",
                         "label_smoothing", "augmentation", "feature_extraction_time_s"]},
    3: {"benchmarks.csv": ["asked_batch_size", "cudnn_autotune", "flops_utilisation", "data_share_fraction", "energy_j", "energy_source",
                           "temperature_max_c", "clock_min_mhz", "throttle_reasons"],
        "accuracy.csv": ["asked_batch_size", "cudnn_autotune", "data_share_fraction", "feature_cache", "energy_j", "energy_source"],
        "runs.csv": ["precision", "throttled", "energy_j", "energy_source", "temperature_max_c", "clock_min_mhz", "throttle_reasons"]},
    4: {name: ["kernels", *counts] for name, counts in {
        "benchmarks.csv": ["trainable_parameters", "total_parameters", "trained_checkpoint_bytes"], "samples.csv": [], "accuracy.csv": [],
        "runs.csv": ["trainable_parameters", "total_parameters", "trained_checkpoint_bytes"]}.items()},
    5: {name: ["node", "others_busy_cores"] for name in ("benchmarks.csv", "accuracy.csv", "runs.csv")},
}
FIRST_VERSION = {"runs.csv": 2}
# Rows of each version; of samples.csv so many that each row of benchmarks.csv has all of its own.
ROWS = {"benchmarks.csv": (2, 2, 2), "samples.csv": (14, 6, 14), "accuracy.csv": (2, 2, 2), "runs.csv": (0, 1, 1)}
# Of the second folder, likewise: versions 1 to 4, of which it has the last two.
ROWS_OF_4 = {"benchmarks.csv": (0, 0, 2, 2), "samples.csv": (0, 0, 10, 8), "accuracy.csv": (0, 0, 0, 2), "runs.csv": (0, 0, 0, 1)}
# Of the third folder.
ROWS_OF_5 = {"benchmarks.csv": (0, 0, 0, 2, 1), "samples.csv": (0, 0, 0, 14, 4), "accuracy.csv": (0, 0, 0, 2, 2), "runs.csv": (0, 0, 0, 1, 1)}


def main(results: pathlib.Path, versions: range, rows_of: dict[str, tuple[int, ...]]) -> None:
    here = pathlib.Path(__file__).parent
    for version in versions:
        folder = here / f"schema-{version}" / results.name
        for name, counts in rows_of.items():
            if version < FIRST_VERSION.get(name, 1):
                continue
            header, *lines = (results / name).read_text(encoding="utf-8").splitlines()
            assert '"' not in "".join(lines), name
            later = [column for since, added in ADDED.items() if since > version for column in added.get(name, [])]
            kept = [place for place, column in enumerate(header.split(",")) if column not in later]
            rows = [line for row_version in range(1, version + 1)
                    for line in [row for row in lines if row.startswith(f"{row_version},")][:counts[row_version - 1]]]
            write(folder / name, [",".join(line.split(",")[place] for place in kept) for line in [header, *rows]])
        (folder / "environment.json").write_bytes((results / "environment.json").read_bytes())


def write(path: pathlib.Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")


main(pathlib.Path(sys.argv[1]).resolve(), range(1, 4), ROWS)
if len(sys.argv) > 2:
    main(pathlib.Path(sys.argv[2]).resolve(), range(4, 5), ROWS_OF_4)
if len(sys.argv) > 3:
    main(pathlib.Path(sys.argv[3]).resolve(), range(5, 6), ROWS_OF_5)
