"""The base class of optimizers: rates, weight decay, counters; and their registry."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

import numpy as np

from .._registry import Registry
from ..base import dtype_name

K = TypeVar("K", bound=type)

_LOW_PRECISION = ("float16", "bfloat16")
_PLAIN = (bool, int, float, str, type(None))


def is_low_precision(array: Any) -> bool:
    """Whether an array has a 16-bit float type."""
    return dtype_name(array.dtype) in _LOW_PRECISION


class Optimizer:
    """Base class: one rule by which a gradient changes a weight.

    Weights are known by an index. Each has its own learning rate and weight
    decay, products of the common ones and of multipliers found, in this order,
    in `param_dict` (by index), or in what `set_lr_mult` and `set_wd_mult` were
    given (by index, or by name through `param_idx2name`).

    Parameters
    ----------
    rescale_grad : float, default 1.0
        Factor of the gradient, such as ``1 / batch_size``.
    param_idx2name : dict of int to str, optional
        Names of the weights. Weights whose name does not end in ``weight`` or
        ``gamma`` get no weight decay unless a multiplier says so.
    wd : float, default 0.0
        Weight decay: this much of the weight is added to its gradient.
    clip_gradient : float, optional
        Bound of each element of the rescaled gradient, above 0; None leaves them.
    learning_rate : float, optional
        The rate. With a schedule it becomes the schedule's base rate; None
        leaves that as it is. Without either the rate is 0.01.
    lr_scheduler : LRScheduler or callable, optional
        Rate as a function of the number of updates.
    sym : Symbol, optional
        Network whose variables carry multipliers, as attributes
        ``__lr_mult__`` and ``__wd_mult__``.
    begin_num_update : int, default 0
        Updates done before.
    multi_precision : bool, default False
        Keep a float32 copy of float16 and bfloat16 weights and update that.
    param_dict : dict of int to Parameter, optional
        Objects with ``lr_mult`` and ``wd_mult``.

    Attributes
    ----------
    num_update : int
        Largest number of updates any weight has had.
    lr : float
        Rate when there is no schedule.
    loss_scaler : LossScaler or None
        With float16 in `paratrain.amp`, how a `Module` scales its loss; it makes one if there is none.
    aggregate_num : int
        Above 0, the updater hands over up to so many weights at a time, in lists.

    Examples
    --------
    A rule of one's own:

    >>> import paratrain as mx
    >>> class Unscaled(Optimizer):
    ...     def update(self, index, weight, grad, state):
    ...         self._update_count(index)
    ...         weight[:] = weight - self._get_lr(index) * grad
    >>> weight = mx.nd.zeros((1,))
    >>> mx.optimizer.get_updater(Unscaled(learning_rate=0.5))(0, mx.nd.ones((1,)), weight)
    >>> float(weight.asscalar())
    -0.5
    """

    #: Classes by lower-case name.
    opt_registry: ClassVar[dict[str, type[Optimizer]]]
    #: Rule of the fused update, see `optimizer.flat`; a subclass does not inherit it.
    _flat_rule: ClassVar[str | None] = None
    #: Ends of the names of weights that get weight decay without being told to.
    _decayed: ClassVar[tuple[str, ...]] = ("_weight", "_gamma")

    def __init__(
        self,
        rescale_grad: float = 1.0,
        param_idx2name: dict[int, str] | None = None,
        wd: float = 0.0,
        clip_gradient: float | None = None,
        learning_rate: float | None = None,
        lr_scheduler: Any = None,
        sym: Any = None,
        begin_num_update: int = 0,
        multi_precision: bool = False,
        param_dict: dict[int, Any] | None = None,
    ) -> None:
        if param_idx2name is not None and not isinstance(param_idx2name, dict):
            raise TypeError(f"[Optimizer] param_idx2name must be a dict of index to name; got {param_idx2name!r}")
        if clip_gradient is not None and not clip_gradient > 0:
            raise ValueError(
                f"[{type(self).__name__}] clip_gradient must be above 0, or None for no bound; got {clip_gradient}"
            )
        self.rescale_grad = rescale_grad
        self.loss_scaler: Any = None
        self.lr = 0.01 if learning_rate is None else learning_rate
        self.wd = wd
        self.clip_gradient = clip_gradient
        self.multi_precision = multi_precision
        self.aggregate_num = 0
        self.lr_scheduler = lr_scheduler
        if lr_scheduler is not None and learning_rate is not None:
            self._give_base_rate(learning_rate)
        self.begin_num_update = begin_num_update
        self.num_update = begin_num_update
        self._all_index_update_counts: dict[int, dict[Any, int]] = {0: {}}
        self._index_update_count = self._all_index_update_counts[0]
        self.idx2name = dict(param_idx2name or {})
        self.param_dict = param_dict or {}
        self.sym_info = (sym.attr_dict(), sym.list_arguments()) if sym is not None else ()
        self.set_lr_mult({})
        self.set_wd_mult({})

    def _give_base_rate(self, learning_rate: float) -> None:
        if getattr(self.lr_scheduler, "base_lr_fixed", False) and self.lr_scheduler.base_lr != learning_rate:
            warnings.warn(
                f"learning_rate={learning_rate} has no effect: {type(self.lr_scheduler).__name__} starts from the "
                f"base_lr={self.lr_scheduler.base_lr} it was made with; give it base_lr={learning_rate}",
                stacklevel=4,
            )
        self.lr_scheduler.base_lr = learning_rate

    @staticmethod
    def register(klass: K) -> K:
        """Make an optimizer class known to `create`; see `optimizer.register`."""
        return registry.register(klass)

    @staticmethod
    def create_optimizer(name: str, **kwargs: Any) -> Optimizer:
        """Make an optimizer by name; see `optimizer.create`."""
        return registry.create(name, **kwargs)

    @property
    def supports_flat(self) -> bool:
        """Whether `FlatUpdater` can apply this optimizer to a flat buffer of all parameters."""
        return type(self).__dict__.get("_flat_rule") is not None

    @property
    def learning_rate(self) -> float:
        """The present rate, before multipliers."""
        return self.lr if self.lr_scheduler is None else self.lr_scheduler(self.num_update)

    def set_learning_rate(self, lr: float) -> None:
        """Set the rate.

        Parameters
        ----------
        lr : float
            The rate.

        Raises
        ------
        UserWarning
            When a schedule decides the rate.
        """
        if self.lr_scheduler is not None:
            raise UserWarning(
                f"[{type(self).__name__}] the rate follows {type(self.lr_scheduler).__name__} and cannot be set; "
                "create the optimizer without lr_scheduler, or set lr_scheduler.base_lr"
            )
        self.lr = lr

    def set_lr_mult(self, args_lr_mult: dict[Any, float]) -> None:
        """Set factors of the learning rate; earlier ones are dropped, those in the symbol stay.

        Parameters
        ----------
        args_lr_mult : dict of str or int to float
            Factors by name or index; 1 for all others.
        """
        self.lr_mult = {**self._from_symbol("__lr_mult__"), **args_lr_mult}

    def set_wd_mult(self, args_wd_mult: dict[Any, float]) -> None:
        """Set factors of the weight decay; earlier ones are dropped, those in the symbol stay.

        Parameters
        ----------
        args_wd_mult : dict of str or int to float
            Factors by name or index. Others are 1 for names ending in
            ``weight`` or ``gamma`` and for unnamed weights, 0 for other names.
        """
        bare = {name: 0.0 for name in self.idx2name.values() if not name.endswith(self._decayed)}
        self.wd_mult = {**bare, **self._from_symbol("__wd_mult__"), **args_wd_mult}

    def _from_symbol(self, key: str) -> dict[Any, float]:
        if not self.sym_info:
            return {}
        attributes, arguments = self.sym_info
        return {name: float(attributes[name][key]) for name in arguments if key in attributes.get(name, {})}

    def create_state(self, index: Any, weight: Any) -> Any:
        """Make the state of a weight.

        Parameters
        ----------
        index : int or str
            The weight's index.
        weight : NDArray
            The weight.

        Returns
        -------
        None, NDArray or tuple
            What `update` is to be given; zeros, usually, of the weight's shape.
        """

    def create_state_multi_precision(self, index: Any, weight: Any) -> Any:
        """Make the state of a weight, with a float32 copy where `multi_precision` wants one.

        Parameters
        ----------
        index : int or str
            The weight's index.
        weight : NDArray
            The weight.

        Returns
        -------
        None, NDArray or tuple
            What `update_multi_precision` is to be given.
        """
        if self._keeps_copy(weight):
            copy = weight.astype("float32")
            return (copy, self.create_state(index, copy))
        return self.create_state(index, weight)

    def _keeps_copy(self, weight: Any) -> bool:
        """Whether a float32 copy of this weight is kept; warns of a 16-bit weight without one."""
        low = is_low_precision(weight)
        if low and not self.multi_precision:
            warnings.warn(
                f"{type(self).__name__} updates a {dtype_name(weight.dtype)} weight in its own precision, which "
                "loses small steps; multi_precision=True keeps a float32 copy",
                stacklevel=4,
            )
        return low and self.multi_precision

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight, and its state, in place.

        Parameters
        ----------
        index : int or str
            The weight's index.
        weight, grad : NDArray
            The weight and its gradient, of one shape.
        state : None, NDArray or tuple
            What `create_state` made.
        """
        raise NotImplementedError(f"[{type(self).__name__}] an optimizer must define update()")

    def update_multi_precision(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Change a weight in place, through its float32 copy where it has one.

        Parameters
        ----------
        index : int or str
            The weight's index.
        weight, grad : NDArray
            The weight and its gradient, of one shape.
        state : None, NDArray or tuple
            What `create_state_multi_precision` made.
        """
        if not (self.multi_precision and is_low_precision(weight)):
            self.update(index, weight, grad, state)
            return
        copy, inner = state
        self.update(index, copy, grad.astype("float32"), inner)
        weight[:] = copy.astype(weight.dtype)

    def _set_current_context(self, device_id: int) -> None:
        """Count the updates of weights on this device from now on."""
        self._index_update_count = self._all_index_update_counts.setdefault(device_id, {})

    def _update_count(self, index: Any) -> None:
        """Count an update of one weight, or of each in a list."""
        counts = self._index_update_count
        for each in index if isinstance(index, (list, tuple)) else (index,):
            counts[each] = counts.get(each, self.begin_num_update) + 1
            self.num_update = max(self.num_update, counts[each])

    def _get_lrs(self, indices: Sequence[Any]) -> list[float]:
        """Present rates of weights, with their multipliers."""
        return self._multiplied(self.learning_rate, indices, self.lr_mult, "lr_mult")

    def _get_lr(self, index: Any) -> float:
        """Present rate of a weight, with its multiplier."""
        return self._get_lrs([index])[0]

    def _get_wds(self, indices: Sequence[Any]) -> list[float]:
        """Weight decays of weights, with their multipliers."""
        return self._multiplied(self.wd, indices, self.wd_mult, "wd_mult")

    def _get_wd(self, index: Any) -> float:
        """Weight decay of a weight, with its multiplier."""
        return self._get_wds([index])[0]

    def _multiplied(self, value: float, indices: Sequence[Any], given: dict[Any, float], attribute: str) -> list[float]:
        if not value or not (given or self.param_dict):
            return [value] * len(indices)
        return [value * self._multiplier(index, given, attribute) for index in indices]

    def _multiplier(self, index: Any, given: dict[Any, float], attribute: str) -> float:
        if index in self.param_dict:
            return getattr(self.param_dict[index], attribute)
        if index in given:
            return given[index]
        return given.get(self.idx2name.get(index), 1.0)

    def _arguments(self, index: Any) -> dict[str, float]:
        """Count an update of a weight and give the arguments of its update operator."""
        self._update_count(index)
        return {"lr": self._get_lr(index), "wd": self._get_wd(index), **self._common()}

    def _common(self) -> dict[str, float]:
        """Arguments that all update operators share."""
        return {
            "rescale_grad": self.rescale_grad,
            "clip_gradient": -1.0 if self.clip_gradient is None else self.clip_gradient,
        }

    def counters(self) -> dict[str, Any]:
        """Return the numbers of updates done, for a checkpoint.

        Returns
        -------
        dict
            Plain numbers, text and lists; `load_counters` takes it back.
        """
        counts = [[device, list(map(list, each.items()))] for device, each in self._all_index_update_counts.items()]
        numbers = {"num_update": self.num_update, "begin_num_update": self.begin_num_update, "counts": counts}
        scaling = {} if self.loss_scaler is None else {"loss_scaler": self.loss_scaler.state()}
        return {"class": type(self).__name__, **numbers, **scaling}

    def load_counters(self, saved: dict[str, Any]) -> None:
        """Take over what `counters` gave.

        Parameters
        ----------
        saved : dict
            What `counters` returned.

        Raises
        ------
        ValueError
            When it came from an optimizer of another class.
        """
        if saved.get("class") != type(self).__name__:
            raise ValueError(
                f"[Optimizer] the saved optimizer is a {saved.get('class')}; this is a {type(self).__name__}; "
                "create it as when the states were saved"
            )
        self.num_update = int(saved["num_update"])
        self.begin_num_update = int(saved["begin_num_update"])
        self._all_index_update_counts = {int(d): {i: int(n) for i, n in each} for d, each in saved["counts"]}
        self._set_current_context(0)
        if "loss_scaler" in saved and self.loss_scaler is not None:
            self.loss_scaler.load_state(saved["loss_scaler"])

    def hyperparameters(self) -> dict[str, Any]:
        """Return rates, factors and the schedule, for a checkpoint.

        Returns
        -------
        dict
            The class, and plain numbers, text and lists;
            `load_hyperparameters` takes it back.
        """
        values = {name: value.item() if isinstance(value, np.generic) else value for name, value in vars(self).items()}
        plain = {
            name: value
            for name, value in values.items()
            if not name.startswith("_") and name not in ("num_update", "begin_num_update") and isinstance(value, _PLAIN)
        }
        schedule = self.lr_scheduler
        return {
            "class": type(self).__name__,
            "values": plain,
            "lr_mult": list(map(list, self.lr_mult.items())),
            "wd_mult": list(map(list, self.wd_mult.items())),
            "lr_scheduler": None if schedule is None else [type(schedule).__name__, _state_of(schedule)],
        }

    def load_hyperparameters(self, saved: dict[str, Any]) -> None:
        """Take over what `hyperparameters` gave.

        Parameters
        ----------
        saved : dict
            What `hyperparameters` returned.

        Raises
        ------
        ValueError
            When it came from an optimizer or a schedule of another class.
        """
        schedule = type(self.lr_scheduler).__name__ if self.lr_scheduler is not None else None
        saved_schedule = saved["lr_scheduler"][0] if saved["lr_scheduler"] else None
        if saved["class"] != type(self).__name__ or saved_schedule != schedule:
            raise ValueError(
                f"[Optimizer] the saved optimizer is a {saved['class']} with schedule {saved_schedule}; this is a "
                f"{type(self).__name__} with schedule {schedule}; create it as when the states were saved"
            )
        vars(self).update({name: value for name, value in saved["values"].items() if name in vars(self)})
        self.lr_mult = {name: value for name, value in saved["lr_mult"]}
        self.wd_mult = {name: value for name, value in saved["wd_mult"]}
        if saved["lr_scheduler"] and saved["lr_scheduler"][1] is not None:
            self.lr_scheduler.load_state_dict(saved["lr_scheduler"][1])


def _state_of(schedule: Any) -> dict[str, Any] | None:
    """Fields of a schedule; None for a plain function, which has none."""
    return schedule.state_dict() if hasattr(schedule, "state_dict") else None


registry: Registry[Optimizer] = Registry(Optimizer, "optimizer")
Optimizer.opt_registry = registry.classes


def register(klass: K) -> K:
    """Make an optimizer class known to `create`, under its lower-case name.

    Parameters
    ----------
    klass : type
        Subclass of `Optimizer`; usable as a decorator.

    Returns
    -------
    type
        `klass`.
    """
    return registry.register(klass)


def create(name: str, **kwargs: Any) -> Optimizer:
    """Make an optimizer.

    Parameters
    ----------
    name : str
        Name of its class, in capitals or not, such as ``'sgd'``. An optimizer
        is returned as it is.
    **kwargs
        Its arguments.

    Returns
    -------
    Optimizer
        The optimizer.

    Raises
    ------
    ValueError
        For an unknown name; the message lists the known ones.
    TypeError
        For an argument that the class does not have.

    Examples
    --------
    >>> create("sgd", learning_rate=0.1, momentum=0.9).momentum
    0.9
    """
    return registry.create(name, **kwargs)
