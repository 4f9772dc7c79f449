"""How the models of CP-SAT are asked: a time limit, a seed, progress, and an answer in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Any

from fugong.core.planning.answer import Progress
from fugong.engines import solver


@dataclass(frozen=True, slots=True)
class Ask:
    """How much may be spent: until when (by `perf_counter`), on how many cores, from which seed; and who is told."""

    began: float
    until: float
    workers: int
    seed: int
    progress: Progress | None = None

    def left(self, share: float = 1.0) -> float:
        """Seconds that may still be spent."""
        return max(0.05, (self.until - perf_counter()) * share)


@dataclass(frozen=True, slots=True)
class Found:
    """What came of it: ``proven`` says that ``objective`` is the best, or, without ``values``, that there is no solution."""

    values: Any | None
    objective: int
    bound: int
    proven: bool

    def __getitem__(self, variable: Any) -> int:
        return int(self.values.value(variable)) if self.values is not None else 0


def solve(model: Any, ask: Ask, *, share: float = 1.0, seconds: float | None = None) -> Found:
    """Ask CP-SAT, for so many seconds or for a share of those that are left."""
    sat = solver("ortools.sat.python.cp_model")
    engine = sat.CpSolver()
    engine.parameters.max_time_in_seconds = ask.left(share) if seconds is None else max(0.05, seconds)
    engine.parameters.num_workers = ask.workers
    engine.parameters.random_seed = ask.seed
    # Counts with few symmetries: what proves is the linear relaxation, whole.
    engine.parameters.linearization_level = 2
    engine.parameters.symmetry_level = 0
    status = engine.solve(model, _listener(sat, ask) if ask.progress is not None else None)
    if status in {sat.OPTIMAL, sat.FEASIBLE}:
        objective = round(engine.objective_value) if model.has_objective() else 0
        bound = _up(engine.best_objective_bound) if model.has_objective() else 0
        return Found(engine, objective, min(bound, objective), status == sat.OPTIMAL)
    if status == sat.MODEL_INVALID:
        raise RuntimeError(model.validate())
    return Found(None, 0, 0, status == sat.INFEASIBLE)


def _up(bound: float) -> int:
    """The least whole number that isn't below a bound."""
    return -int(-(bound - 1e-6) // 1)


def _listener(sat: Any, ask: Ask) -> Any:
    class Listener(sat.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            assert ask.progress is not None
            now = perf_counter() - ask.began
            ask.progress(now, round(self.objective_value), _up(self.best_objective_bound))

    return Listener()
