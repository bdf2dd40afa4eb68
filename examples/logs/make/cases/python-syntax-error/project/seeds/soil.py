NAME = 'soil'
