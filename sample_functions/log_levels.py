r"""Logging: what a function logs and prints goes to its log topic as lines of text.

The logger's level is INFO, so debug lines are dropped; a `print` becomes a line of level INFO.

    printf 'open\ndoor 7 jammed\n' | pfemu run sample_functions/log_levels.py --log-topic door-log --json
"""

from pulsar import Function


class LogLevels(Function):
    def process(self, input, context):
        logger = context.get_logger()
        logger.debug("looking at %s", input)
        logger.info("received %s", input)
        if "jammed" in str(input):
            logger.warning("needs attention: %s", input)
        print("done")  # noqa: T201 - shows where a print goes
