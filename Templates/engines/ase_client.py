#!/usr/bin/env python3
"""Client of cellgen: any ASE calculator, over a socket.

    ase_client.py --calculator emt --structure structure.extxyz --socket NAME

cellgen starts this script for engines such as ase:emt, after --check has found the packages; to run it by
hand, start cellgen with --engine ipi:NAME first. The calculator is made, and its model loaded, before the script connects.

Exit codes: 0 the server said good-bye, 1 an error (on standard error), 2 wrong options,
3 a package is missing.
"""
import argparse
import importlib
import importlib.util
import json
import sys
import time

# Name on the command line -> module and class or function.
CALCULATORS = {
    "emt": "ase.calculators.emt:EMT",
    "lj": "ase.calculators.lj:LennardJones",
    "morse": "ase.calculators.morse:MorsePotential",
    "chgnet": "chgnet.model:CHGNetCalculator",
    "mace": "mace.calculators:mace_mp",
}


def fail(message, code):
    print(f"ase_client: {message}", file=sys.stderr)
    sys.exit(code)


def place(name):
    """Module and class of a name in the list, or of `module:Class`."""
    module, separator, attribute = CALCULATORS.get(name, name).partition(":")
    if not separator:
        fail(
            f"unknown calculator {name}; use {', '.join(CALCULATORS)} or module:Class", 2)
    return module, attribute


def check(name):
    """Ends with 3 if a package is missing; none is loaded, which may take long."""
    for package in ["ase", place(name)[0].split(".")[0]]:
        if importlib.util.find_spec(package) is None:
            fail(
                f"there is no package {package}; install it with: "
                f"{sys.executable} -m pip install {package}", 3)


def make_calculator(name, arguments):
    """The calculator of a name in the list, or of `module:Class`."""
    module, attribute = place(name)
    try:
        factory = getattr(importlib.import_module(module), attribute)
    except ImportError as error:
        fail(f"{error}; install it with: {sys.executable} -m pip install {module.split('.')[0]}", 3)
    except AttributeError:
        fail(f"{module} has no {attribute}", 2)
    return factory(**arguments)


def connect(options, timeout=60.0):
    """A connection to the server, which may open its socket a little later."""
    from ase.calculators.socketio import SocketClient

    deadline = time.monotonic() + timeout
    while True:
        try:
            if options.socket:
                return SocketClient(unixsocket=options.socket)
            return SocketClient(host=options.host, port=options.port)
        except (FileNotFoundError, ConnectionRefusedError) as error:
            if time.monotonic() > deadline:
                fail(f"no server: {error}", 1)
            time.sleep(0.1)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calculator", required=True, help="a name of the list, or module:Class")
    parser.add_argument("--arguments", default="{}", help="its arguments, a JSON object")
    parser.add_argument("--structure", help="file with the atoms in their order")
    parser.add_argument("--socket", help="name of the Unix socket /tmp/ipi_NAME")
    parser.add_argument("--host", default="localhost")
    parser.add_argument("--port", type=int)
    parser.add_argument("--check", action="store_true", help="only look for the packages")
    options = parser.parse_args()
    if options.check:
        return check(options.calculator)
    if options.structure is None:
        parser.error("give --structure")
    if (options.socket is None) == (options.port is None):
        parser.error("give either --socket or --port")
    try:
        arguments = json.loads(options.arguments)
    except ValueError as error:
        parser.error(f"--arguments is no JSON: {error}")
    if not isinstance(arguments, dict):
        parser.error("--arguments is no JSON object")
    try:
        import ase.io
    except ImportError as error:
        fail(f"{error}; install it with: {sys.executable} -m pip install ase", 3)

    atoms = ase.io.read(options.structure)
    atoms.calc = make_calculator(options.calculator, arguments)
    has_stress = "stress" in getattr(atoms.calc, "implemented_properties", [])
    connect(options).run(atoms, use_stress=has_stress)


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        fail(f"{type(error).__name__}: {error}", 1)
