"""Figures: each module measures one thing beside something everybody knows, in one run, and shows the ratio."""
