"""What every table of benchmarks is made of: figures with their bounds, and the medians of a Google Benchmark program."""
import dataclasses
import json
import statistics
import subprocess


@dataclasses.dataclass
class Bound:
    """A measured figure, in `unit` ("" for a ratio), and the most, or with `at_least` the least, that it may be."""
    what: str
    figure: float
    bound: float
    unit: str = ""
    at_least: bool = False

    def kept(self):
        return self.figure >= self.bound if self.at_least else self.figure <= self.bound

    def as_json(self):
        return {"what": self.what, "figure": round(self.figure, 4), "unit": self.unit or "ratio",
                "at_least" if self.at_least else "at_most": self.bound, "kept": self.kept()}


def print_bounds(bounds):
    print(f"\n{'bounds':<66}{'figure':>10}{'wanted':>16}")
    for bound in bounds:
        figure = f"{bound.figure:,.0f}" if bound.figure >= 100 else f"{bound.figure:.2f}"
        wanted = f"{'>=' if bound.at_least else '<='} {bound.bound:,} {bound.unit}".rstrip()
        print(f"  {bound.what:<64}{figure:>10}{wanted:>16}  {'kept' if bound.kept() else 'MISSED'}")


def benchmark_medians(program, *options):
    """{name: median over the repetitions} of a Google Benchmark program, all in random interleaving; each with its
    "cpu" and "wall" nanoseconds and its counters."""
    command = [program, "--benchmark_enable_random_interleaving=true", "--benchmark_format=json", *options]
    rows = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["benchmarks"]
    repetitions = {}
    for row in rows:
        if row["run_type"] == "iteration":
            repetitions.setdefault(row["run_name"], []).append(row)
    return {name: median_row(rows) for name, rows in repetitions.items()}


def median_row(rows):
    numbers = [key for key, value in rows[0].items() if isinstance(value, (int, float))]
    medians = {key: statistics.median(row[key] for row in rows) for key in numbers}
    return medians | {"cpu": medians["cpu_time"], "wall": medians["real_time"]}
