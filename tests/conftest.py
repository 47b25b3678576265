"""What every test needs: a Hypothesis that tries the same examples on each run and never looks at a clock, and a Ctrl-C that is heard."""

import os
import signal

from hypothesis import settings

settings.register_profile("same examples", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("new examples", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same examples"))


def pytest_configure(config):
    """Hear Ctrl-C, also where the tests were started in the background of a script, whose commands ignore it and hand that down."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
