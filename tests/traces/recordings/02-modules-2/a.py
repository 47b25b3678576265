
calls = 0


def process(input):
    global calls
    calls += 1
    return f"{calls} {input} {__name__}"
