"""`python -m crawler`: the same as the command `tearsheet`."""

from crawler.cli import main

if __name__ == "__main__":
    main()
