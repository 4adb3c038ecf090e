"""What the numbers offer the curators' desk."""

from talent.insights.figures import waves
from talent.registry import wave_curation

# The registry knows no moves; who derives them proposes waves of them.
wave_curation.proposers.append(waves.proposals)
