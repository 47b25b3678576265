def __getattr__(name):
    if name == 'process':
        return lambda input: f'module getattr {input}'
    raise AttributeError(name)
