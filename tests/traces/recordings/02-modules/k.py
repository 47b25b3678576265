async def process(input):
    return input
