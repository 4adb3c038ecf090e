"""Writing invented data sets of any size, in the format of the starter data.

They have the shape of the real record (few organizations with many events, many with few;
careers that make sense; vague dates; halves of moves that nobody reported) and none of its
people. The same size and seed give the same bytes.
"""

from talent.registry.synthesis.write import synthesize

__all__ = ["synthesize"]
