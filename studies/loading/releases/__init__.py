"""Releases of official statistics: tidy CSV, observation CSV and wide spreadsheets become rows of our tables.

`reading` finds the table in a file, `specification` says what its columns are to us, `fit` recognises next year's
file, `rows` makes the rows. All pure: what the store holds is passed in.
"""
