"""The part of ``paratrain doctor`` that starts ranks and judges what they measured."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from paratrain.launch import measure, start
from paratrain.launch.finding import ABSENT, FAILED, OK, SLOW, Finding

SECONDS = 120
SKEW_SECONDS = 0.5
SLOW_LATENCY = 1e-3  # seconds of a sum of 8 bytes
SLOW_BANDWIDTH = 0.1e9  # bytes of a sum of 16 MB per second: less than a network of 1 Gbit/s gives
SLOW_DISK = 20e6  # bytes per second


def clean(environment: dict[str, str]) -> dict[str, str]:
    """Variables for a new job: without those that made this process a rank of one."""
    own = ("PMI", "PMIX", "OMPI_", "MPI_LOCAL", "HYDI")
    return {name: value for name, value in environment.items() if not name.startswith(own)}


def run(options: argparse.Namespace, site: start.Site | None = None) -> dict[str, Any] | Finding:
    """Let the ranks measure; returns what they found, or a finding if they could not.

    Parameters
    ----------
    options : argparse.Namespace
        Where, as for ``paratrain launch``, and `folder`.
    site : Site, optional
        Default: this machine.
    """
    site = site or start.Site.here()
    options.script = str(Path(measure.__file__))
    options.arguments = [options.folder] if options.folder else []
    try:
        starter = start.find_starter(options, site)
        job = start.plan(options, site, starter)
        start.prepare(job, starter)
    except (OSError, ValueError) as error:
        return Finding(FAILED, str(error).removeprefix("[launch] "), "see docs/launch.md")
    words = start.words_of(job, starter, site)
    try:
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env=clean(dict(os.environ)),
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Finding(
            FAILED,
            f"{job.ranks} ranks did not end in {SECONDS} s",
            "look at the network MPI chose; --interface NAME sets another",
        )
    lines = [line for line in done.stdout.splitlines() if measure.MARK in line]
    if done.returncode or not lines:
        said = (done.stderr.strip() or done.stdout.strip())[-300:]
        return Finding(FAILED, f"{job.ranks} ranks: exit code {done.returncode}: {said}", "run it by hand")
    return json.loads(lines[0].split(measure.MARK, 1)[1])


def judge(found: dict[str, Any]) -> dict[str, Finding]:
    """Findings, by name, from what the ranks measured.

    Parameters
    ----------
    found : dict
        Of :mod:`paratrain.launch.measure`.
    """
    judged = {"ranks": ranks(found["ranks"]), "allreduce": sums(found["sums"], found["ranks"])}
    judged["clocks"] = clocks(found["skew"], found["ranks"])
    if found["folder"] is not None:
        judged["folder"] = folder(found["folder"])
    return judged


def ranks(each: list[dict[str, Any]]) -> Finding:
    """Who is where, and whether all are of one version."""
    hosts = Counter(rank["host"] for rank in each)
    where = ", ".join(f"{count} on {host}" for host, count in hosts.items())
    text = f"{len(each)} ranks: {where}; {each[0]['threads']} threads each"
    for name in ("paratrain", "python"):
        versions = Counter(rank[name] for rank in each)
        if len(versions) > 1:
            listed = ", ".join(f"{version} on {count}" for version, count in versions.items())
            return Finding(FAILED, f"{text}; versions of {name}: {listed}", f"install one version of {name} everywhere")
    if not all(rank["overlaps"] for rank in each) and len(each) > 1:
        advice = "only one thread may call this MPI, so sums wait for backward: use one with MPI_THREAD_MULTIPLE"
        return Finding(ABSENT, f"{text}; sums do not overlap with backward", advice)
    return Finding(OK, text)


def sums(seconds: dict[str, float], each: list[dict[str, Any]]) -> Finding:
    """How quick an allreduce is."""
    small, large = seconds[str(measure.SIZES[0])], seconds[str(measure.SIZES[-1])]
    rate = measure.SIZES[-1] / large
    text = (
        f"8 B in {small * 1e6:.0f} µs, {measure.SIZES[1] >> 20} MB in {seconds[str(measure.SIZES[1])] * 1e3:.2f} ms, "
        f"{measure.SIZES[-1] >> 20} MB at {rate / 1e9:.2f} GB/s"
    )
    far = len({rank["host"] for rank in each}) > 1
    if len(each) > 1 and (small > SLOW_LATENCY or rate < SLOW_BANDWIDTH):
        advice = (
            "the network is slow: --interface NAME chooses a faster one"
            if far
            else "other processes use the cores, or there are more ranks than cores: start fewer ranks"
        )
        return Finding(SLOW, text, advice)
    return Finding(OK, text)


def clocks(skew: list[float], each: list[dict[str, Any]]) -> Finding:
    """Whether clocks agree, which traces of several hosts need."""
    worst = max(range(len(skew)), key=lambda rank: abs(skew[rank]))
    text = f"at most {abs(skew[worst]) * 1e3:.1f} ms apart"
    if abs(skew[worst]) > SKEW_SECONDS:
        return Finding(FAILED, f"{text} (rank {worst} on {each[worst]['host']})", "run chrony or another NTP client")
    return Finding(OK, text)


def folder(found: dict[str, Any]) -> Finding:
    """Whether checkpoints can be written."""
    if found["error"]:
        return Finding(FAILED, found["error"], "rank 0 writes checkpoints there: make the folder writable")
    text = f"writable, {found['bytes_per_second'] / 1e6:.0f} MB/s with fsync"
    if found["unseen"]:
        listed = ", ".join(map(str, found["unseen"]))
        text += f"; ranks {listed} do not see it, which is well: rank 0 writes and reads checkpoints"
    if found["bytes_per_second"] < SLOW_DISK:
        return Finding(SLOW, text, "checkpoints will take long; they are written while training goes on")
    return Finding(OK, text)
