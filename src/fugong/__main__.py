"""``python -m fugong``."""

from fugong.project.cli import main

main()
