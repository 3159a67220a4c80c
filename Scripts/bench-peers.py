#!/usr/bin/env python3
"""Time to read a structure of about 1e5 atoms: cellgen, ASE and pymatgen, all within their process.

Needs a virtual environment with both:

    python3 -m venv .venv && .venv/bin/pip install ase pymatgen
    make bench-peers PYTHON=.venv/bin/python

usage: bench-peers.py path/to/cellgen-bench
"""

import signal
import subprocess
import sys
import tempfile
import time
import warnings

try:
    import ase
    import ase.io
    import pymatgen.core
    from pymatgen.io.cif import CifParser
    from pymatgen.io.vasp import Poscar
except ImportError as error:
    sys.exit(f"bench-peers: {error}\nhint: python3 -m venv .venv && .venv/bin/pip install ase "
             "pymatgen, then make bench-peers PYTHON=.venv/bin/python")

if len(sys.argv) != 2:
    sys.exit("usage: bench-peers.py path/to/cellgen-bench")
warnings.filterwarnings("ignore")

ASE_FORMATS = {"extxyz": "extxyz", "poscar": "vasp", "cif": "cif"}


def pymatgen_reader(name):
    """What reads a format in pymatgen; None for extxyz, which it does not know."""
    return {
        "poscar": lambda path: Poscar.from_file(path, check_for_potcar=False).structure,
        "cif": lambda path: CifParser(path).parse_structures(primitive=False)[0],
    }.get(name)


# Readings that take longer are given up, s.
LIMIT = 60


def give_up(_signal, _frame):
    raise TimeoutError


def seconds(read, atoms):
    """Time of the fastest of the readings, or of the first if that is long; None beyond LIMIT."""
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LIMIT)
    try:
        return repeated(read, atoms)
    except TimeoutError:
        return None
    finally:
        signal.alarm(0)


def repeated(read, atoms):
    """Reads until no reading is faster than the one before."""
    best = float("inf")
    while True:
        start = time.perf_counter()
        found = len(read())
        taken = time.perf_counter() - start
        if found != atoms:
            sys.exit(f"bench-peers: {found} atoms were read, expected {atoms}")
        if taken >= best or taken > 5:
            return min(best, taken)
        best = taken


with tempfile.TemporaryDirectory() as folder:
    listing = subprocess.run([sys.argv[1], "reading", folder], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    print(f"time to read, s (ASE {ase.__version__}, pymatgen {pymatgen.core.__version__})")
    print(f"{'format':8} {'atoms':>7} {'cellgen':>9} {'ASE':>9} {'ratio':>6} {'pymatgen':>9} {'ratio':>6}")
    for line in listing.splitlines():
        name, atoms, own, path = line.split(maxsplit=3)
        own = float(own)
        cells = [f"{name:8} {atoms:>7} {own:9.4f}"]
        readers = [lambda: ase.io.read(path, format=ASE_FORMATS[name])]
        if (read := pymatgen_reader(name)) is not None:
            readers.append(lambda: read(path))
        for reader in readers:
            peer = seconds(reader, int(atoms))
            cells.append(f"{'> ' + str(LIMIT):>9} {'> ' + str(int(LIMIT / own)):>6}" if peer is None
                         else f"{peer:9.3f} {peer / own:6.0f}")
        print(" ".join(cells), flush=True)
