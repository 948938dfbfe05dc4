// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// A library target, listed below its dependencies: imports run downward only.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
  name: "dlrun",
  dependencies: [],
  targets: [
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    library("YAML", ["CYAML"]),
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
    library("Tensors"),
    library("Kernels", ["COneDNN", "Tensors"]),
    library("Plans", ["Kernels", "Tensors"]),
    library("Layers", ["Plans", "Kernels", "Tensors", "YAML"]),
    library("Solvers", ["Kernels", "YAML"]),
    library("DataSources", ["Tensors", "YAML"]),
    library(
      "Models",
      ["Layers", "Solvers", "DataSources", "Plans", "Kernels", "Tensors", "YAML"]),
    tests("YAMLTests", ["YAML"]),
    tests("DataSourcesTests", ["DataSources", "Tensors", "YAML"]),
  ],
  swiftLanguageModes: [.v6]
)
