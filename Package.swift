// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// The modules whose loops go over vectors are made for processors of 2013 and later, which all have AVX2: pooling takes
/// half of the time, normalizations two thirds. Every element is rounded as before, and `dlrun` tells older processors.
#if arch(x86_64)
  let vectors: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-mavx2"])]
#else
  let vectors: [SwiftSetting] = []
#endif

/// A library target, listed below its dependencies: imports run downward only.
func library(
  _ name: String, _ dependencies: [Target.Dependency] = [], _ instructions: [SwiftSetting] = []
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings + instructions)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// What several test targets share: the reference cases, random inputs that never change, a plan with
/// memory from outside, and clocks.
let oracles = Target.target(
  name: "Oracles", dependencies: ["Plans", "Kernels", "Tensors", "YAML"], path: "Tests/Oracles",
  exclude: [
    "Cases", "README.md", "activation_cases.py", "array_cases.py", "case_files.py", "entries.py",
    "expression_cases.py", "generate_cases.py", "image_cases.py", "layer_cases.py",
    "loss_cases.py", "normalization_cases.py", "policy_cases.py", "shape_cases.py",
    "solver_cases.py", "solver_rules.py", "trace_cases.py",
  ],
  swiftSettings: settings)

let package = Package(
  name: "dlrun",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    library("YAML", ["CYAML"]),
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CVectors"),
    library("Tensors", [], vectors),
    library("Kernels", ["COneDNN", "CVectors", "Tensors"], vectors),
    library("Plans", ["Kernels", "Tensors"]),
    library("Layers", ["Plans", "Kernels", "Tensors", "YAML"]),
    library("Solvers", ["CVectors", "Plans", "Kernels", "Tensors", "YAML"], vectors),
    library("DataSources", ["CZlib", "Tensors", "YAML"]),
    library(
      "Models",
      ["Layers", "Solvers", "DataSources", "Plans", "Kernels", "Tensors", "YAML"]),
    library(
      "Training",
      [
        "CZlib", "Models", "Layers", "Solvers", "DataSources", "Plans", "Kernels", "Tensors",
        "YAML",
      ]),
    library(
      "Reports",
      ["Training", "Models", "Layers", "DataSources", "Plans", "Kernels", "Tensors", "YAML"]),
    .executableTarget(
      name: "dlrun",
      dependencies: [
        "Reports", "Training", "Models", "Layers", "Solvers", "DataSources", "Plans", "Kernels",
        "YAML",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "dlbench",
      dependencies: [
        "Training", "Models", "DataSources", "Plans", "Kernels", "YAML",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["peers"],
      swiftSettings: settings),
    oracles,
    // A malloc that counts, for the test executable alone.
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    // What Tests/Faults/safetensors_round_trip.py reads and writes files with.
    .executableTarget(
      name: "SafetensorsFiles", dependencies: ["Training", "Tensors", "YAML"],
      path: "Tests/SafetensorsFiles", swiftSettings: settings),
    tests("YAMLTests", ["Oracles", "YAML"]),
    tests("TensorsTests", ["Tensors"]),
    tests("KernelsTests", ["Oracles", "Kernels", "Tensors"]),
    tests("PlansTests", ["Oracles", "Plans", "Kernels", "Tensors"]),
    tests(
      "LayersTests",
      [
        "Oracles", "Training", "Layers", "Models", "DataSources", "Plans", "Kernels", "Tensors",
        "YAML",
      ]),
    tests(
      "SolversTests",
      [
        "AllocationCounter", "Oracles", "Solvers", "Models", "Layers", "DataSources", "Plans",
        "Kernels", "Tensors", "YAML",
      ]),
    tests("DataSourcesTests", ["Oracles", "DataSources", "Tensors", "YAML"]),
    tests(
      "ModelsTests",
      [
        "Oracles", "Models", "Layers", "Solvers", "DataSources", "Plans", "Kernels", "Tensors",
        "YAML",
      ]),
    tests(
      "TrainingTests",
      [
        "AllocationCounter", "Oracles", "Training", "Models", "Layers", "DataSources", "Plans",
        "Kernels", "Tensors", "YAML",
      ]),
    tests("ReportsTests", ["Reports"]),
    tests("dlrunTests", ["dlrun", "DataSources", "Layers", "Models", "Solvers", "YAML"]),
  ],
  swiftLanguageModes: [.v6]
)
