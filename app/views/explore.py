"""Explore: any measure by any two dimensions and time, down to the requests themselves."""

from app.components.explore_page import show

show()
