int filter(void) { return 0; }
