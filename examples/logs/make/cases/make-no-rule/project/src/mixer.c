int mixer(void) { return 0; }
