int voice(void) { return 0; }
