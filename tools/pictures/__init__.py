"""The title picture of each lesson: `lesson_NN.draw()` returns a figure."""
