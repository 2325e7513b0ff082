"""`python -m kefu COMMAND`: what the launcher calls."""

import sys

from kefu.cli.main import main

sys.exit(main(sys.argv[1:]))
