"""What every test starts from."""

import signal

from hypothesis import settings

# how long an example takes says more about the machine than about the code
settings.register_profile("paratrain", deadline=None)
settings.load_profile("paratrain")


def pytest_configure():
    # a run in the background of a shell script ignores Ctrl-C, and so would the processes that tests interrupt
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
