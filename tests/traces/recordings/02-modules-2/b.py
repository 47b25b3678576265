def process(input, context):
    return 'x'
