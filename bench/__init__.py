"""Measurements: ratios against real peers, side by side in one run on one machine."""
