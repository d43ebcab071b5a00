"""pycuda with two devices in host memory."""

from __future__ import annotations

import ctypes
import threading

import numpy as np


class FakeDriver:
    """pycuda.driver with two devices in host memory; every call asserts that a context is current in its thread."""

    class Error(Exception):
        pass

    class MemoryError(Error):
        pass

    def __init__(self):
        self.stacks = threading.local()
        driver = self
        self.copies: list[tuple] = []
        self.freed: list[int] = []
        self.detached: list[int] = []

        class Context:
            def __init__(self, number):
                self.number = number

            def push(self):
                driver.stack().append(self.number)

            @staticmethod
            def pop():
                driver.stack().pop()

            def detach(self):
                driver.detached.append(self.number)

        class Device:
            def __init__(self, number):
                self.number = number

            @staticmethod
            def count():
                return 2

            def compute_capability(self):
                return (9, 0) if self.number == 0 else (7, 5)

            def name(self):
                return f"Fake {self.number}"

            def retain_primary_context(self):
                return Context(self.number)

        class Stream:
            def __init__(self):
                self.handle = 1000 + driver.current()

            def synchronize(self):
                assert self.handle == 1000 + driver.current()

        self.Context, self.Device, self.Stream = Context, Device, Stream

    def stack(self):
        if not hasattr(self.stacks, "numbers"):
            self.stacks.numbers = []
        return self.stacks.numbers

    def current(self):
        assert self.stack(), "no context is current"
        return self.stack()[-1]

    def init(self):
        pass

    def pagelocked_empty(self, size, dtype):
        self.current()
        return np.zeros(size, dtype)

    def mem_get_info(self):
        return (10 + self.current(), 100)

    def memcpy_htod_async(self, target, view, stream):
        self.copies.append(("htod", self.current(), stream.handle))
        ctypes.memmove(target, bytes(view), len(view))

    def memcpy_dtoh_async(self, view, source, stream):
        self.copies.append(("dtoh", self.current(), stream.handle))
        view[:] = ctypes.string_at(source, len(view))

    def memcpy_dtod_async(self, target, source, nbytes, stream):
        self.copies.append(("dtod", self.current(), stream.handle))
        ctypes.memmove(target, source, nbytes)


class Block:
    def __init__(self, driver, size):
        self.driver, self.memory = driver, ctypes.create_string_buffer(size)

    def __int__(self):
        return ctypes.addressof(self.memory)

    def free(self):
        # pycuda ends the process where no context is current
        self.driver.freed.append(self.driver.current())


def pool_of(driver, most=1000):
    """pycuda's pool over a fake driver, which gives at most so many bytes at once."""

    class DeviceMemoryPool:
        def __init__(self):
            driver.current()
            self.calls = []

        def allocate(self, size):
            driver.current()
            if size > most:
                raise driver.MemoryError("cuMemAlloc failed: out of memory")
            return Block(driver, size)

        def free_held(self):
            driver.current()
            self.calls.append("free_held")

        def stop_holding(self):
            driver.current()
            self.calls.append("stop_holding")

    return DeviceMemoryPool
