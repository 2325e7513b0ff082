"""Very many conversations to try and to measure with: `kefu demo --size`."""
