// swift-tools-version: 6.2
import PackageDescription

// The files of Templates/prototypes, which become part of the program: the installed binary needs no
// checkout. Sources/Workflow/Prototype/ShippedPrototypes.swift lists them as well.
let prototypes = [
  "anatase", "antifluorite", "chevrel", "corundum", "cscl", "fluorite", "gacl3", "gaf3",
  "gamma-mno2", "hollandite", "lambda-mno2", "layered-o1", "layered-o2", "layered-o3",
  "layered-p2", "layered-p3", "layered-t1", "li-bcc", "li2moo3", "li2tio3", "mg-hcp", "mgcl2",
  "mgf2", "mgsc2se4", "mgv2o5", "nasicon", "olivine", "perovskite", "postspinel", "pyrolusite",
  "ramsdellite", "rocksalt", "rocksalt-disordered", "rutile", "spinel-defect", "spinel-inverse",
  "spinel-normal", "spinel-tetragonal", "thiospinel-ti2s4", "tis2", "v2o5-alpha", "v2o5-delta",
  "wurtzite", "zincblende", "zn-hcp",
]

// The files of Templates/potentials; Sources/Workflow/Potentials/PotentialLibrary.swift lists them as well.
let potentials = [
  "ball-grimes", "ball-grimes-partial", "bks", "bouhadja2013", "lewis-catlow", "matsui-akaogi",
  "pedone2006",
]

// The files of Templates/schedules; Sources/Workflow/Amorphous/MeltScheduleFile.swift lists them as well.
let schedules = ["choyal2025", "kawaguchi2025", "quick", "yang2024"]

// The files of Templates for simulation codes and of Templates/presets; TemplateFolder.swift and
// ShippedPresets.swift in Sources/Handoff/Input list them as well.
let templates = [
  "vasp/INCAR", "vasp/KPOINTS", "qe/pw.in", "cp2k/cp2k.inp", "abinit/run.abi", "lammps/in.lammps",
  "jobs/slurm.sh",
]
let presets = [
  "choyal2025", "kawaguchi2025", "materials-project-like", "nakahara2025", "yang2024",
]

// An arrow of the module graph only ever points up this list. Tests/ProjectTests/ImportLintTests.swift
// compares the `import` lines of every target with its `dependencies` here.
let package = Package(
  name: "cellgen",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "cellgen", targets: ["cellgen"]),
    .library(
      name: "CellgenKit",
      targets: [
        "Crystal", "Symmetry", "StructureIO", "Building", "Arrangement", "Energetics", "Dynamics",
        "Engines", "Search", "Thermodynamics", "Analysis", "Handoff", "Report", "Workflow",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/stencilproject/Stencil", from: "0.15.1"),
  ],
  targets: [
    // C and C++ libraries: a module map or a thin shim, nothing else.
    .systemLibrary(
      name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
    .systemLibrary(
      name: "CSpglib", pkgConfig: "spglib", providers: [.apt(["libsymspg-dev"]), .brew(["spglib"])]),
    .systemLibrary(
      name: "CQhullSystem", pkgConfig: "qhull_r",
      providers: [.apt(["libqhull-dev"]), .brew(["qhull"])]),
    .target(
      name: "CQhull", dependencies: ["CQhullSystem"], linkerSettings: [.linkedLibrary("qhull_r")]),
    .target(name: "CGemmi"),
    .target(name: "CVoro", linkerSettings: [.linkedLibrary("voro++")]),
    .systemLibrary(
      name: "CFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"]), .brew(["fftw"])]),
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

    // The nouns of the field.
    .target(name: "Crystal"),
    .target(name: "Symmetry", dependencies: ["Crystal", "CSpglib"]),
    .target(name: "StructureIO", dependencies: ["Crystal", "CGemmi"]),

    // What is done with them.
    .target(name: "Building", dependencies: ["Crystal", "Symmetry"]),
    .target(name: "Arrangement", dependencies: ["Crystal", "Symmetry", "BigInt"]),
    .target(name: "Energetics", dependencies: ["Crystal", "CFFTW"]),
    .target(name: "Dynamics", dependencies: ["Crystal", "Energetics"]),
    .target(
      name: "Engines", dependencies: ["Crystal", "StructureIO", "Energetics", "Dynamics"],
      resources: [
        .embedInCode("../../Templates/engines/ase_client.py"),
        .embedInCode("../../Templates/engines/package_versions.py"),
      ]),
    .target(name: "Search", dependencies: ["Crystal", "Arrangement", "Energetics", "CGSL"]),
    .target(name: "Thermodynamics", dependencies: ["Crystal", "CQhull", "CGSL"]),
    .target(
      name: "Analysis", dependencies: ["Crystal", "Symmetry", "CVoro", "CGSL", "CFFTW"]),
    .target(
      name: "Handoff", dependencies: ["Crystal", "StructureIO", "Engines", "Stencil"],
      resources: (templates + presets.map { "presets/\($0).yaml" })
        .map { .embedInCode("../../Templates/\($0)") }),
    .target(name: "Report", dependencies: ["Crystal"]),

    // From a specification to a folder of results.
    .target(
      name: "Workflow",
      dependencies: [
        "Crystal", "Symmetry", "StructureIO", "Building", "Arrangement", "Energetics", "Dynamics",
        "Engines", "Search", "Thermodynamics", "Analysis", "Handoff", "Report", "Yams", "BigInt",
        .target(name: "COpenSSL", condition: .when(platforms: [.linux])),
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      resources: prototypes.map { .embedInCode("../../Templates/prototypes/\($0).yaml") }
        + potentials.map { .embedInCode("../../Templates/potentials/\($0).yaml") }
        + schedules.map { .embedInCode("../../Templates/schedules/\($0).yaml") }),
    .executableTarget(
      name: "cellgen",
      dependencies: [
        "Crystal", "Symmetry", "StructureIO", "Arrangement", "Building", "Dynamics", "Analysis",
        "Handoff", "Report", "Engines", "Search", "Thermodynamics", "Workflow", "BigInt",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "cellgen-bench",
      dependencies: [
        "Crystal", "Symmetry", "StructureIO", "Building", "Arrangement", "Energetics", "Dynamics",
        "Engines", "Search", "Thermodynamics", "Analysis", "Handoff", "Workflow",
      ]),

    .target(name: "CellgenTestSupport", dependencies: ["Crystal"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11,
  cxxLanguageStandard: .cxx17
)

let modulesWithTestData: Set = [
  "Arrangement", "StructureIO", "Energetics", "Search", "Thermodynamics", "Analysis", "Report",
  "Handoff", "Workflow",
]

// Every test may build crystals and arrangements on them.
let testDependencies = ["Crystal", "Symmetry", "Building", "Arrangement", "CellgenTestSupport"]

// What the tests of a module need besides.
let moreTestDependencies = [
  "Analysis": ["StructureIO"], "Dynamics": ["Energetics"],
  "Engines": ["Energetics", "Dynamics"], "Handoff": ["StructureIO"],
  "Workflow": ["Energetics", "Dynamics", "Report"],
]

// One test target per module; `Data` folders hold the files that its tests read.
for module in [
  "Crystal", "Symmetry", "StructureIO", "Building", "Arrangement", "Energetics", "Dynamics",
  "Engines", "Search", "Thermodynamics", "Analysis", "Handoff", "Report", "Workflow",
] {
  package.targets.append(
    .testTarget(
      name: "\(module)Tests",
      dependencies: Set(testDependencies + [module] + (moreTestDependencies[module] ?? [])).sorted()
        .map { .target(name: $0) } + (module == "Arrangement" ? ["BigInt"] : []),
      exclude: modulesWithTestData.contains(module) ? ["Data"] : []))
}

// Checks the sources against the layers above.
package.targets.append(.testTarget(name: "ProjectTests"))

// Runs the program itself.
package.targets.append(
  .testTarget(
    name: "CommandTests", dependencies: ["cellgen", "CellgenTestSupport"], exclude: ["Data"]))

for target in package.targets where ![.system, .plugin].contains(target.type) {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
  ]
}
