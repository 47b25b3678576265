process = 'x'.join
