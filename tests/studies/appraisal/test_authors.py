"""Names of appraisers found among the authors of a source, however the two are spelled."""

import pytest

from studies.appraisal.authors import is_author, shares_family_name


@pytest.mark.parametrize(
    ("first", "last", "authors"),
    [
        ("Aisha", "Gull", "Gull AK, Harrow K"),
        ("Kim", "Harrow", "Gull AK, Harrow K"),
        ("Aisha Karen", "Gull", "Gull A.K., Harrow K."),
        ("Aisha", "Gull", "Gull, Aisha; Harrow, Kim"),
        ("Kim", "Harrow", "Aisha Gull and Kim Harrow"),
        ("Kim", "Harrow", "Gull A & Harrow K"),
        ("Kim", "Harrow", "A. Gull, K. Harrow"),
        ("kim", "HARROW", "harrow, kim"),
        ("Zoë", "Müllner", "Mullner Z"),
        ("Zoe", "Muellner", "Müllner, Zoë"),
        ("Łucja", "Østby", "Ostby L"),
        ("Niamh", "O’Dara", "O'Dara N"),
        ("Niamh", "ODara", "O’Dara, Niamh"),
        ("Ann", "Holt-Reyes", "Holt Reyes A"),
        ("Ann", "Holt Reyes", "Holt‐Reyes, Ann"),
        ("Anne-Marie", "Holt", "Holt AM"),
        ("Jan", "van der Beek", "van der Beek, Jan"),
        ("Jan", "Beek", "van der Beek J"),
        ("Louise", "Carey", "Baroness Carey, Louise"),
        ("Louise", "Carey", "Dame Louise Carey DBE"),
        ("Christopher", "Dunn", "Dunn, Chris"),
        ("Chris", "Dunn", "Christopher Dunn"),
        ("C", "Dunn", "Dunn, Christopher"),
        ("Kim", "Harrow", "Home Office\nHarrow K"),
    ],
)
def test_author_is_found(first, last, authors):
    assert is_author(first, last, authors)


@pytest.mark.parametrize(
    ("first", "last", "authors"),
    [
        # The initial beside the name is the next author's, or the one's before.
        ("Elena", "Brandt", "Cole E, Brandt H"),
        ("Helen", "Cole", "Cole E, Brandt H"),
        ("John", "Smythe", "Smythe A, J Jonas"),
        ("Alice", "Gull", "Gull, Aisha"),
        ("Anna", "Reyes", "Holt-Reyes A"),
        ("Anna", "Holt", "Holt-Reyes A"),
        ("Jo", "Dunn", "Dunn, Joanna"),
        ("Kim", "Harrow", "Harrow Borough Council"),
        ("Kim", "Harrow", "Office of the Commissioner; Harrow"),
        ("", "Harrow", "Harrow K"),
        ("Kim", "", "Harrow K"),
        ("Kim", "Harrow", ""),
        ("Ann", "Law", "Lawson A"),
    ],
)
def test_other_people_are_not(first, last, authors):
    assert not is_author(first, last, authors)


def test_family_name_alone_is_a_reason_to_ask():
    assert shares_family_name("Harrow", "Baroness Harrow of Millfield")
    assert shares_family_name("Muellner", "Cole E, Müllner H")
    assert not shares_family_name("Reyes", "Holt-Reyes A")
    assert not shares_family_name("Harrow", "Harrowby K")
    assert not shares_family_name("", "Harrow K")
