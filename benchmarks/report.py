"""Tables of what was measured."""

from __future__ import annotations

from benchmarks.harness import OURS, Outcome, contestants, lower_is_better

HEAD = [
    "| subject | measure | contestant | median | lowest … highest | paratrain is | GFLOP/s | of the limit |",
    "|---|---|---|---|---|---|---|---|",
]


def table(outcomes: list[Outcome], limit: float | None = None) -> str:
    """Medians of each contestant's best variant and how many times better paratrain is, as a Markdown table.

    Parameters
    ----------
    outcomes : list of Outcome
        What was measured.
    limit : float, optional
        GFLOP/s of the machine's matrix multiplication, of which the shares are stated.
    """
    return "\n".join(HEAD + [row for outcome in outcomes for row in _rows(outcome, limit)])


def _rows(outcome: Outcome, limit: float | None) -> list[str]:
    rows = []
    for measure in outcome.measures():
        for contestant in contestants(outcome.subject.entrants):
            label = outcome.best(contestant, measure)
            if label is None:
                continue
            values = outcome.values[label][measure]
            cells = [outcome.subject.name, measure, label, _number(outcome.median(label, measure))]
            cells += [f"{_number(min(values))} … {_number(max(values))}", _ratio(outcome, label, measure)]
            rows.append("| " + " | ".join([*cells, *_achieved(outcome, label, measure, limit)]) + " |")
    return rows


def _number(value: float) -> str:
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.3g}"


def _ratio(outcome: Outcome, label: str, measure: str) -> str:
    """``2.00 ×``, and for what is better when low also how much of the other's paratrain needs."""
    if label == OURS or measure not in outcome.values.get(OURS, {}):
        return ""
    ratio = outcome.ratio(label, measure)
    return f"{ratio:.2f} ×" + (f" (needs {1 / ratio:.2f})" if lower_is_better(measure) else "")


def _achieved(outcome: Outcome, label: str, measure: str, limit: float | None) -> list[str]:
    if measure not in outcome.arithmetic:
        return ["", ""]
    achieved = outcome.arithmetic[measure] * outcome.median(label, measure)
    return [f"{achieved:,.1f}", f"{achieved / limit:.0%}" if limit else ""]
