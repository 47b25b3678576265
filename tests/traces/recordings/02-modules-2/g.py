process = print
