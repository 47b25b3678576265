def process(input=1, context=2):
    return f'{input} {context}'
