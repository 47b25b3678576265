"""What every test needs: a Hypothesis that tries the same examples on each run and never looks at a clock."""

import os

from hypothesis import settings

settings.register_profile("same examples", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("new examples", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same examples"))
