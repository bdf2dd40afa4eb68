NAME = 'harvest'
