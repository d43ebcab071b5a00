"""Tables of classes by name: how `mx.metric.create("acc")` finds its class."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")
K = TypeVar("K", bound=type)


class Registry(Generic[T]):
    """Classes of one kind, found by lower-case name or alias.

    Parameters
    ----------
    base : type
        Class that all registered classes derive from.
    kind : str
        The word for it in messages, such as ``metric``.
    """

    def __init__(self, base: type[T], kind: str) -> None:
        self.base = base
        self.kind = kind
        self.classes: dict[str, type[T]] = {}

    def register(self, klass: K, name: str | None = None) -> K:
        """Enter a class under `name` (default: its own name); usable as a decorator.

        Raises
        ------
        TypeError
            When `klass` does not derive from the base class.
        """
        given: Any = klass
        if not (isinstance(given, type) and issubclass(given, self.base)):
            raise TypeError(f"[{self.kind}.register] expected a subclass of {self.base.__name__}; got {klass!r}")
        key = (name or klass.__name__).lower()
        known = self.classes.get(key)
        if known is not None and known is not klass:
            warnings.warn(
                f"[{self.kind}.register] {klass.__module__}.{klass.__qualname__} replaces "
                f"{known.__module__}.{known.__qualname__} under the name {key!r}",
                stacklevel=3,
            )
        self.classes[key] = given
        return klass

    def alias(self, *names: str) -> Callable[[K], K]:
        """Give a decorator that enters a class under further names."""

        def enter(klass: K) -> K:
            for name in names:
                self.register(klass, name)
            return klass

        return enter

    def find(self, name: str) -> type[T]:
        """Return the class of a name.

        Raises
        ------
        ValueError
            For an unknown name; the message lists the known ones.
        """
        if name.lower() not in self.classes:
            raise ValueError(
                f"[{self.kind}.create] unknown {self.kind} {name!r}; known: {', '.join(sorted(self.classes))}"
            )
        return self.classes[name.lower()]

    def create(self, given: Any, *args: Any, **kwargs: Any) -> T:
        """Make an object from a name, a JSON text, a mapping, or give back an object of the kind.

        Parameters
        ----------
        given : str, dict or object
            A name (with its arguments following), JSON text
            ``'["name", {"argument": value}]'``, or a mapping
            ``{kind: name, argument: value}``. An object that is already of the
            kind is returned as it is.
        *args, **kwargs
            Arguments of the class; only together with a name.

        Raises
        ------
        ValueError
            For an unknown name, or arguments beside anything but a name.
        TypeError
            For anything else.
        """
        if not isinstance(given, str) or given[:1] in ("[", "{"):
            if args or kwargs:
                raise ValueError(
                    f"[{self.kind}.create] arguments may follow a name only; got {given!r} with {args} and {kwargs}"
                )
            return self._from_description(given)
        return self.find(given)(*args, **kwargs)

    def _from_description(self, given: Any) -> T:
        if isinstance(given, self.base):
            return given
        value = given
        if isinstance(given, str):
            try:
                value = json.loads(given)
            except json.JSONDecodeError as error:
                raise ValueError(f"[{self.kind}.create] expected JSON text; got {given!r}: {error}") from error
        if isinstance(value, dict) and self.kind in value:
            arguments = dict(value)
            return self.create(arguments.pop(self.kind), **arguments)
        pair = isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], dict)
        if isinstance(given, str) and pair:
            return self.create(value[0], **value[1])
        raise TypeError(
            f"[{self.kind}.create] expected a name, '[\"name\", {{arguments}}]', a mapping with {self.kind!r}, "
            f"or a {self.base.__name__}; got {given!r}"
        )
