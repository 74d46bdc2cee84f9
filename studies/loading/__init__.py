"""From bytes to checked rows. Pure: no Django beyond the vocabularies, and nothing is written here."""
