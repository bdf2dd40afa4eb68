NAME = 'light'
