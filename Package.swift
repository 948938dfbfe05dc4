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

/// What several test targets share, beside `Oracles`.
func support(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(
    name: name, dependencies: ["Oracles"] + dependencies, path: "Tests/\(name)",
    swiftSettings: settings)
}

/// A test target, which sees the test support of `Oracles` as well.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: ["Oracles"] + dependencies, swiftSettings: settings)
}

/// What reads a text.
let text: [Target.Dependency] = ["Fields", "YAML"]
/// What computes, and what reads and writes files.
let engine: [Target.Dependency] =
  ["Plans", "Threads", "Kernels", "Tensors", "Files"] + text
/// A model file and the catalogs that it names.
let model: [Target.Dependency] = [
  "ModelFiles", "Layers", "Solvers", "DataSources", "DataFiles", "Expressions",
]
let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

/// What several test targets share: the reference cases, random inputs that never change, a plan with
/// memory from outside, clocks, and temporary folders.
let oracles = Target.target(
  name: "Oracles",
  dependencies: ["Plans", "Threads", "Kernels", "Tensors", "Files", "Fields", "YAML"],
  path: "Tests/Oracles",
  exclude: [
    "Cases", "README.md", "activation_cases.py", "array_cases.py", "case_files.py", "entries.py",
    "expression_cases.py", "generate_cases.py", "image_cases.py", "image_file_cases.py",
    "layer_cases.py", "loss_cases.py", "normalization_cases.py", "policy_cases.py",
    "shape_cases.py", "solver_cases.py", "solver_rules.py", "trace_cases.py",
  ],
  swiftSettings: settings)

let package = Package(
  name: "dlrun",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  ],
  targets: [
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg62-turbo-dev"])]),
    .systemLibrary(name: "CVectors"),
    // Optimized in debug builds too, where tiles would take a hundred times as long. Fused steps are written out, and
    // the compiler makes no others.
    .target(name: "CTiles", cSettings: [.unsafeFlags(["-O2", "-ffp-contract=off"])]),
    library("YAML", ["CYAML"]),
    library("Fields", ["YAML"]),
    library("Functions", [], vectors),
    library("Tensors", ["CVectors", "Functions"], vectors),
    library("Files", ["CZlib", "Tensors", "YAML"]),
    library("Kernels", ["CTiles", "CVectors", "Functions", "Tensors"], vectors),
    library("LayerKernels", ["CVectors", "Functions", "Kernels", "Tensors"], vectors),
    library("Threads", ["Kernels"]),
    library("Plans", ["Threads", "Kernels", "Tensors"]),
    library("Expressions", ["LayerKernels", "Functions", "Kernels", "Tensors"] + text),
    library(
      "Layers",
      ["Expressions", "Plans", "LayerKernels", "Functions", "Kernels", "Tensors"] + text),
    library("Solvers", ["CVectors", "Functions", "Plans", "Kernels", "Tensors"] + text, vectors),
    library(
      "DataFiles", ["CJPEG", "CPNG", "CZlib", "Files", "Tensors"] + text, vectors),
    library("DataSources", ["DataFiles", "Files", "Functions", "Tensors"] + text),
    library(
      "ModelFiles",
      ["Expressions", "Layers", "Solvers", "DataSources", "DataFiles", "Plans", "Tensors"] + text),
    library("Networks", ["LayerKernels"] + model + engine),
    library("Training", ["Networks"] + model + engine),
    library("Runs", ["Training", "Networks", "Functions"] + model + engine),
    library(
      "Inspection",
      [
        "Runs", "Training", "Networks", "ModelFiles", "DataSources", "DataFiles", "Layers",
        "Expressions", "Plans", "Threads", "Kernels", "Files", "Tensors", "YAML",
      ]),
    library(
      "Verification",
      [
        "Runs", "Training", "Networks", "ModelFiles", "DataSources", "DataFiles", "Expressions",
        "Plans", "Threads", "Kernels", "Files", "YAML",
      ]),
    library(
      "Reports",
      [
        "Verification", "Runs", "Training", "Networks", "ModelFiles", "DataSources", "DataFiles",
        "Expressions", "Kernels", "Files", "Tensors", "YAML",
      ]),
    .executableTarget(
      name: "dlrun",
      dependencies: [
        "Reports", "Verification", "Inspection", "Runs", "Training", "Networks", "ModelFiles",
        "DataSources", "DataFiles", "Solvers", "Layers", "Threads", "Kernels", "Files", arguments,
      ] + text,
      swiftSettings: settings),
    .executableTarget(
      name: "dlbench",
      dependencies: [
        "Training", "Networks", "ModelFiles", "DataSources", "DataFiles", "Expressions", "Plans",
        "Threads", "Kernels", "Functions", "Files", arguments,
      ] + text,
      exclude: ["peers"], swiftSettings: settings),
    oracles,
    // A malloc that counts, for the test executable alone.
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    // What Tests/Faults/safetensors_round_trip.py reads and writes files with.
    .executableTarget(
      name: "SafetensorsFiles", dependencies: ["Files", "Tensors", "YAML"],
      path: "Tests/SafetensorsFiles", swiftSettings: settings),
    tests("YAMLTests", ["Files", "YAML"]),
    tests("FieldsTests", ["Fields", "YAML"]),
    .testTarget(
      name: "FunctionsTests", dependencies: ["Functions"],
      exclude: ["Cases", "README.md", "function_cases.py", "minimax.py"], swiftSettings: settings),
    tests("TensorsTests", ["Tensors"]),
    tests("FilesTests", ["Files", "Tensors", "YAML"]),
    tests("KernelsTests", ["Kernels", "Tensors"]),
    tests("LayerKernelsTests", ["LayerKernels", "Kernels", "Tensors"]),
    tests("ThreadsTests", ["Threads", "Kernels"]),
    tests("PlansTests", ["Plans", "Threads", "Kernels", "Tensors"]),
    tests("ExpressionsTests", ["Expressions"] + text),
    tests(
      "LayersTests", ["Inspection", "Training", "Networks", "LayerKernels"] + model + engine),
    tests("SolversTests", ["AllocationCounter", "Networks"] + model + engine),
    tests("DataFilesTests", ["CZlib", "DataFiles", "Files", "Tensors"] + text),
    tests("DataSourcesTests", ["DataSources", "DataFiles", "Files", "Tensors"] + text),
    support("ModelOracles", ["Networks"] + model + engine),
    tests("ModelFilesTests", ["ModelOracles", "Networks"] + model + engine),
    tests("NetworksTests", ["ModelOracles", "Networks"] + model + engine),
    support(
      "RunOracles", ["Inspection", "Runs", "Training", "Networks"] + model + engine),
    tests(
      "TrainingTests",
      ["AllocationCounter", "RunOracles", "Inspection", "Runs", "Training", "Networks"] + model
        + engine),
    tests("RunsTests", ["RunOracles", "Runs", "Training", "Networks"] + model + engine),
    tests(
      "InspectionTests",
      ["RunOracles", "Inspection", "Runs", "Training", "Networks"] + model + engine),
    tests(
      "VerificationTests",
      ["RunOracles", "Verification", "Runs", "Training", "Networks"] + model + engine),
    tests("ReportsTests", ["Reports"]),
    tests("dlrunTests", ["dlrun", "Training", "Networks"] + model + engine),
  ],
  swiftLanguageModes: [.v6]
)

// A build with a sanitizer takes as long as all others together, and serves a few test targets: DLRUN_TESTS names them.
if let names = Context.environment["DLRUN_TESTS"]?.split(separator: " ").map(String.init) {
  package.targets.removeAll { $0.type == .test && !names.contains($0.name) }
}
