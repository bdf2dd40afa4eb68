NAME = 'error_log'
