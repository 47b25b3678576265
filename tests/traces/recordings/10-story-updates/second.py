
def process(input):
    return "second " + input


class H:
    def process(self, input, context):
        return "h " + input
