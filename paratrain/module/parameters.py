"""The part of `Module` that gives parameters their values, and shares them between ranks."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from paratrain import initializer as init
from paratrain import ndarray as nd
from paratrain.base import ParatrainError
from paratrain.module.base_module import BaseModule
from paratrain.module.executor_group import DataParallelExecutorGroup
from paratrain.ndarray import NDArray

__all__ = ["Parameters"]

Params = dict[str, Any]


class Parameters(BaseModule):
    """First values, given values, and the values that all ranks have."""

    _symbol: Any
    _group: DataParallelExecutorGroup | None
    _waiting: tuple[Params, Params] | None  # parameters that come before there are executors

    def _bound(self, call: str) -> DataParallelExecutorGroup:
        if self._group is None:
            raise ParatrainError(f"[Module.{call}] call bind() first")
        return self._group

    def get_params(self) -> tuple[Params, Params]:
        """Return copies of arguments and auxiliary states, on the CPU."""
        if self._group is None and self._waiting is not None:
            return dict(self._waiting[0]), dict(self._waiting[1])
        self._need("get_params")
        return self._bound("get_params").get_params()

    def init_params(  # type: ignore[override]
        self,
        initializer: Any = None,
        arg_params: Mapping[str, Any] | None = None,
        aux_params: Mapping[str, Any] | None = None,
        allow_missing: bool = False,
        force_init: bool = False,
        allow_extra: bool = False,
    ) -> None:
        """Give the parameters their first values. Does nothing if they have them, unless `force_init`.

        Parameters
        ----------
        initializer : Initializer, optional
            For those that are not given; default ``Uniform(0.01)``.
        arg_params, aux_params : dict of str to NDArray, optional
            Values by name; other names are left alone.
        allow_missing : bool, default False
            Whether `initializer` fills what `arg_params` lacks.
        force_init : bool, default False
            Begin anew.
        allow_extra : bool, default False
            Without effect, as in MXNet: names that are not the network's are passed over.

        Raises
        ------
        RuntimeError
            If a parameter is missing.
        ValueError
            If one has another shape.
        """
        if self.params_initialized and not force_init:
            return
        self._need("init_params", params=False)
        group = self._bound("init_params")
        filler = init.Uniform(0.01) if initializer is None else init.create(initializer)
        attributes = self._symbol.attr_dict()
        for names, arrays, given in (
            (group.param_names, group.param_arrays, arg_params),
            (group.aux_names, group.aux_arrays, aux_params),
        ):
            for name, copies in zip(names, arrays, strict=True):
                self._init_one(init.InitDesc(name, attributes.get(name)), copies, given, filler, allow_missing)
        self.params_initialized = True

    def _init_one(
        self, name: Any, arrays: list[NDArray], given: Mapping[str, Any] | None, filler: Any, allow_missing: bool
    ) -> None:
        if given is not None and str(name) in given:
            value = given[str(name)]
            if value.shape != arrays[0].shape:
                raise ValueError(f"[Module.init_params] {name} has the shape {arrays[0].shape}; got {value.shape}")
            arrays[0][:] = value
        elif given and not allow_missing:
            raise RuntimeError(
                f"[Module.init_params] {name} is missing in the parameters given; allow_missing=True lets the "
                "initializer fill it"
            )
        else:
            filler(name, arrays[0])
        for other in arrays[1:]:
            arrays[0].copyto(other)

    def set_params(
        self,
        arg_params: Mapping[str, Any],
        aux_params: Mapping[str, Any],
        allow_missing: bool = False,
        force_init: bool = True,
        allow_extra: bool = False,
    ) -> None:
        """Give the parameters other values.

        Parameters
        ----------
        arg_params, aux_params : dict of str to NDArray
        allow_missing : bool, default False
            Leave parameters that are not given as they are.
        force_init : bool, default True
            Whether to set parameters that have values already.
        allow_extra : bool, default False
            Pass over names that are not the network's.

        Raises
        ------
        RuntimeError
            If a parameter is missing.
        ValueError
            For an unknown name or another shape.
        """
        if self.params_initialized and not force_init:
            warnings.warn(
                "[Module.set_params] parameters have values and force_init is false: nothing is set", stacklevel=2
            )
            return
        self._need("set_params", params=False)
        group = self._bound("set_params")
        for names, given in ((group.param_names, arg_params), (group.aux_names, aux_params or {})):
            missing = [name for name in names if name not in given]
            extra = [name for name in given if name not in names]
            if missing and not allow_missing:
                raise RuntimeError(
                    f"[Module.set_params] {missing} are missing; allow_missing=True leaves them as they are"
                )
            if extra and not allow_extra:
                raise ValueError(f"[Module.set_params] {extra} are not parameters of the network; they are {names}")
        args = {name: value for name, value in arg_params.items() if name in group.param_names}
        group.set_params(args, {name: value for name, value in (aux_params or {}).items() if name in group.aux_names})
        self.params_initialized = True

    # -- over ranks -----------------------------------------------------------------------------------------------

    def share_params(self, mean: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
        """Make parameters and auxiliary states the same everywhere, and return copies. A collective of the ranks.

        They become those of rank 0, of its first context; auxiliary states (such as the running statistics of batch
        normalisation, which differ after training) the mean over its contexts.

        Parameters
        ----------
        mean : bool, default False
            Auxiliary states become the mean over contexts and ranks.
        """
        group, world = self._bound("share_params"), self.world
        first = group.master[0]
        if world.size > 1:
            flat = first.flat_params
            if flat is not None:
                world.broadcast(flat, what="the parameters")
            inside = {name for name, _, _ in first.layout}
            for name in group.param_names:
                if name not in inside:
                    world.broadcast(first.arg_dict[name], what=f"the parameter {name}")
        args, aux = group.get_params()
        if world.size > 1:
            for name, value in aux.items():
                if mean:
                    world.allreduce(value, f"the auxiliary state {name}")
                    value /= world.size
                else:
                    world.broadcast(value, what=f"the auxiliary state {name}")
        if world.size > 1 or len(group.master) > 1:
            group.set_params(args, aux)
        return args, aux

    def rank_arrays(self) -> dict[str, Any]:
        """Return what differs from rank to rank, of all ranks: auxiliary states. A collective.

        Returns
        -------
        dict of str to NDArray
            ``'rank1:bn_moving_mean'``, ...; empty with one rank, or where all ranks have the same.
        """
        if self.world.size == 1 or not self._bound("rank_arrays").aux_names:
            return {}
        mine = {name: value.asnumpy() for name, value in self._bound("rank_arrays").get_params()[1].items()}
        everyone = self.world.allgather_object(mine)
        same = all(np.array_equal(each[name], mine[name], equal_nan=True) for each in everyone for name in mine)
        if same and all(self.world.allgather_object(same)):
            return {}
        return {
            f"rank{rank}:{name}": nd.array(value, dtype=value.dtype)
            for rank, each in enumerate(everyone)
            for name, value in each.items()
        }

    def load_rank_arrays(self, arrays: dict[str, Any]) -> None:
        """Take this rank's part of what `rank_arrays` returned; rank 0's argument counts. A collective."""
        found = self.world.broadcast_object({name: value.asnumpy() for name, value in arrays.items()})
        start = f"rank{self.world.rank}:"
        mine = {name.removeprefix(start): value for name, value in found.items() if name.startswith(start)}
        if mine:
            aux = {name: nd.array(value, dtype=value.dtype) for name, value in mine.items()}
            self._bound("load_rank_arrays").set_params({}, aux)
