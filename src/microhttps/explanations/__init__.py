"""What every code of an error means, in three sentences each: texts, of which `explain` loads the one it needs.

An entry is a code, with conditions where there are several entries of one code, then three lines: what happened, the
likely cause, what to do next. A condition is `fact=value`, or `fact` alone when there only has to be one; `role` and
`machine` count as facts. Of the entries whose conditions hold, each line is taken from the last one, those with more
conditions being later; `-` leaves it to those before. `{fact}` is put in, `[… {fact} …|instead]` only where there is
such a fact. Two blanks continue a line. Layer 1.
"""
