"""The broker's core: plain objects and rules, told the time, silent about everything but their answers and effects."""
