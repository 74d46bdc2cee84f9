"""Putting findings together: pure functions of numbers, with rules about when the answer is no."""
