NAME = 'water'
