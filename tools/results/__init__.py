"""What each lesson promises, measured: `lesson_NN.measure()` returns a dict for lessons/measured.toml."""
