class process:
    def __init__(self, input):
        pass
