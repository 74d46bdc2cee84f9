"""Judging sources: instruments as data, ratings by their rules, and agreement of appraisers. Pure functions."""
