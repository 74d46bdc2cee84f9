"""Counts from published papers that several tests use. Only the numbers are reproduced, each with its source."""

# Tuberculosis in the vaccinated arm of thirteen trials: Colditz GA et al. (1994), JAMA 271:698.
VACCINATED = (
    [4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27],
    [123, 306, 231, 13598, 5069, 1541, 2545, 88391, 7499, 1716, 50634, 2498, 16913],
)
# Catheter infections in the treated arm, six of 18 empty: Niel-Weise BS et al. (2007), Intensive Care Med 33:2058.
CATHETERS = (
    [0, 1, 2, 0, 5, 1, 1, 1, 1, 1, 0, 0, 3, 6, 0, 0, 1, 4],
    [116, 44, 208, 130, 151, 98, 174, 74, 97, 113, 66, 70, 188, 187, 118, 252, 345, 64],
)
# Deaths after lidocaine, six trials that agree better than chance: Hine LK et al. (1989), Arch Intern Med 149:2694.
LIDOCAINE = ([2, 4, 6, 7, 7, 11], [39, 44, 107, 103, 110, 154])
# Infections per catheter day: Niel-Weise BS et al. (2008), J Hosp Infect 69:114.
CATHETER_DAYS = ([11, 8, 14, 10, 1, 8, 15, 7, 3], [1988, 1461, 10962, 1503, 483, 913, 6840, 1015, 440])
