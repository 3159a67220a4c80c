"""Compares VASP input sets with what the readers of pymatgen and ASE make of them.

    check-vasp-sets.py FOLDER...

Each folder is one that `cellgen input vasp` wrote. Ends with an error at the first difference.
"""
import json
import sys
from pathlib import Path

import numpy as np
from ase.io import read
from pymatgen.io.vasp.inputs import Incar, Kpoints, Poscar


def check(folder):
    record = json.loads((folder / "calculation.json").read_text())
    settings = record["settings"]
    ours = read(folder / "structure.extxyz")
    poscar = Poscar.from_file(folder / "POSCAR", check_for_potcar=False)
    incar = Incar.from_file(folder / "INCAR")
    kpoints = Kpoints.from_file(folder / "KPOINTS")
    labels = (folder / "POTCAR.labels").read_text().split()

    # The same atoms in the same order, by both readers.
    for name, symbols, cell, positions in (
        ("ASE", *(lambda a: (a.get_chemical_symbols(), a.cell[:], a.get_scaled_positions(wrap=False)))(
            read(folder / "POSCAR", format="vasp"))),
        ("pymatgen", [s.specie.symbol for s in poscar.structure], poscar.structure.lattice.matrix,
         poscar.structure.frac_coords),
    ):
        assert symbols == ours.get_chemical_symbols(), f"{folder}: {name} reads other atoms"
        assert np.allclose(cell, ours.cell[:], atol=1e-9), f"{folder}: {name} reads another cell"
        move = positions - ours.get_scaled_positions(wrap=False)
        assert np.allclose(move, np.round(move), atol=1e-8), f"{folder}: {name} reads other positions"

    assert incar["ENCUT"] == settings["cutoffEV"], folder
    if incar["ISPIN"] == 2:
        assert np.allclose(incar["MAGMOM"], ours.get_initial_magnetic_moments()), folder
    else:
        assert "MAGMOM" not in incar and not settings["isSpinPolarised"], folder
    assert [label.split("_")[0] for label in labels] == poscar.site_symbols, folder
    hubbard = settings.get("hubbardEV") or {}
    if hubbard:
        assert len(incar["LDAUU"]) == len(incar["LDAUL"]) == len(labels), folder
        read_u = {s: u for s, u in zip(poscar.site_symbols, incar["LDAUU"]) if u}
        assert read_u == hubbard, folder
    else:
        assert not incar.get("LDAU", False), folder
    assert kpoints.style.name == "Gamma" and len(kpoints.kpts[0]) == 3, folder
    functional = {"PBE": None, "PBEsol": "Ps", "LDA": "Ca"}
    if settings["functional"] in functional:
        assert (incar.get("GGA") or "").lower() == (functional[settings["functional"]] or "").lower(), folder
    else:
        assert incar["METAGGA"].lower() == settings["functional"].lower(), folder


folders = [Path(name) for name in sys.argv[1:]]
for one in folders:
    check(one)
print(f"{len(folders)} sets are read back as they were written")
