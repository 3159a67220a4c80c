"""Prints the version of Python and of the packages that are named, one a line; none is imported."""
import platform
import sys
from importlib import metadata

print("python", platform.python_version())
for name in sys.argv[1:]:
    try:
        print(name, metadata.version(name))
    except metadata.PackageNotFoundError:
        pass
