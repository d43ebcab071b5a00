"""A manifest with which Kubernetes' MPI operator runs a job."""

from __future__ import annotations

import json
import re
from typing import Any

HOSTFILE = "/etc/mpi/hostfile"  # where the operator puts it


def manifest(
    name: str,
    image: str,
    ranks: int,
    slots: int,
    words: list[str],
    implementation: str = "MPICH",
    cores: int | None = None,
    gpus: int | None = None,
    environment: dict[str, str] | None = None,
) -> dict[str, Any]:
    """An ``MPIJob`` of ``kubeflow.org/v2beta1``.

    Parameters
    ----------
    name : str
        Of the job: lower-case letters, digits and hyphens.
    image : str
        Container image with paratrain, its MPI, sshd and the script.
    ranks, slots : int
        Number of ranks, and how many of them run in one pod.
    words : list of str
        What the launcher pod runs.
    implementation : {'MPICH', 'OpenMPI', 'Intel'}
        Which MPI is in the image.
    cores, gpus : int, optional
        Of each rank.
    environment : dict, optional
        Variables of the launcher pod, which takes them to the ranks.

    Raises
    ------
    ValueError
        If the name is not one that Kubernetes takes.

    Examples
    --------
    >>> manifest("digits", "images/digits:1", 4, 2, ["paratrain", "launch", "train.py"])["spec"]["slotsPerWorker"]
    2
    """
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?", name):
        raise ValueError(
            f"[launch] --name must be lower-case letters, digits and hyphens, at most 53 of them; got {name!r}"
        )
    limits: dict[str, Any] = {}
    if cores is not None:
        limits["cpu"] = cores * slots
    if gpus is not None:
        limits["nvidia.com/gpu"] = gpus * slots
    worker: dict[str, Any] = {"name": "worker", "image": image}
    if limits:
        worker["resources"] = {"limits": limits}
    launcher: dict[str, Any] = {"name": "launcher", "image": image, "command": words}
    if environment:
        launcher["env"] = [{"name": key, "value": value} for key, value in sorted(environment.items())]
    return {
        "apiVersion": "kubeflow.org/v2beta1",
        "kind": "MPIJob",
        "metadata": {"name": name},
        "spec": {
            "slotsPerWorker": slots,
            "mpiImplementation": implementation,
            "runPolicy": {"cleanPodPolicy": "Running", "backoffLimit": 0},
            "mpiReplicaSpecs": {
                "Launcher": _replicas(1, launcher),
                "Worker": _replicas(-(-ranks // slots), worker),
            },
        },
    }


def _replicas(count: int, container: dict[str, Any]) -> dict[str, Any]:
    # restarts are the launcher's (--max-restarts): a pod that Kubernetes starts anew would begin from nothing
    return {"replicas": count, "restartPolicy": "Never", "template": {"spec": {"containers": [container]}}}


def to_yaml(value: Any, indent: int = 0) -> str:
    """Text of dicts, lists, strings and numbers as YAML. Strings are quoted as in JSON, which YAML reads.

    Examples
    --------
    >>> print(to_yaml({"a": 1, "b": ["x", {"c": "no", "d": []}]}), end="")
    a: 1
    b:
      - "x"
      - c: "no"
        d: []
    """
    pad = "  " * indent
    if isinstance(value, dict) and value:
        return "".join(f"{pad}{key}:{_below(each, indent)}" for key, each in value.items())
    if isinstance(value, list) and value:
        return "".join(f"{pad}- {to_yaml(each, indent + 1).lstrip(' ')}" for each in value)
    return f"{pad}{json.dumps(value, ensure_ascii=False)}\n"


def _below(value: Any, indent: int) -> str:
    if isinstance(value, dict | list) and value:
        return "\n" + to_yaml(value, indent + 1)
    return " " + to_yaml(value)
