"""Run a script as one rank: ``python …/paratrain/launch/rank.py train.py …``.

``paratrain launch`` starts its ranks through this module. It initialises MPI first, so that a script that
fails before it has made a KVStore still ends the whole job, pins the rank to its cores, shows it its GPUs, arranges for
its output, and then runs the script as ``__main__``.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
from types import TracebackType

from paratrain.launch import cores, failure, gpus, output

ALONE = "--alone"  # one rank, without mpirun


def main() -> None:
    """Run ``sys.argv[1]`` with the arguments that follow, and end the job if it fails."""
    if len(sys.argv) < 2:
        sys.exit(f"usage: python rank.py [{ALONE}] SCRIPT [ARGUMENT ...]")
    rank, size, local_rank = _join()
    failure.install(rank, size)
    # MPICH's handler ignores it, but a launcher that is told to end sends it; `fit` with a checkpoint has a handler
    signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    output.redirect(rank, size)
    gpus.choose(local_rank)
    sys.argv = sys.argv[1:]
    script = sys.argv[0]
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    try:
        runpy.run_path(script, run_name="__main__")
    except BaseException as error:  # whatever ends one rank ends them all
        if failure.exit_code_of(error) == failure.PREEMPTED:
            raise  # all ranks have agreed to end
        if failure.exit_code_of(error):
            failure.end_job_with(error, _inside(error.__traceback__), rank, size)


def _join() -> tuple[int, int, int]:
    """Rank, number of ranks and local rank; of a rank that is alone without MPI."""
    if sys.argv[1] == ALONE:
        del sys.argv[1]
        return 0, 1, 0
    from mpi4py import MPI  # initialises MPI

    world = MPI.COMM_WORLD
    local = world.Split_type(MPI.COMM_TYPE_SHARED)
    cores.bind_local_rank(local.rank, local.size, local.allgather(cores.allowed_cpus()))
    place = world.rank, world.size, local.rank
    local.Free()
    return place


def _inside(trace: TracebackType | None) -> TracebackType | None:
    """The part of a traceback that is in the user's script, without the frames that started it."""
    own = {__file__, runpy.__file__, "<frozen runpy>"}
    while trace is not None and trace.tb_frame.f_code.co_filename in own:
        trace = trace.tb_next
    return trace


if __name__ == "__main__":
    main()
