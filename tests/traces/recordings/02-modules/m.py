import sys


class Me:
    def process(self, input):
        return 'replaced'


sys.modules[__name__] = Me()
