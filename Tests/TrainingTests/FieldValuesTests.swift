import DataSources
import Fields
import Files
import Foundation
import Layers
import ModelFiles
import Oracles
import RunOracles
import Runs
import Solvers
import Testing
import Training
import YAML

/// Sets every field of every catalog entry and of the model file to values that are invalid for
/// some or all fields.
@Suite("Values of fields")
struct FieldValuesTests {
  static let values = [
    "0", "-1", "1", "2", "7", "0.5", "-0.5", "1e-320", "1e308", "1e400", "99999999999",
    "2147483647", "2147483648", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "18446744073709551616", ".nan", ".inf", "-.inf", "text", "'7'", "''",
    "true", "~", "[1, 2]", "[]", "[.nan]", "[99999999999, 99999999999]", "{}", "{a: 1}",
    "[9223372036854775807, 9223372036854775807]",
  ]

  /// A model file, and one value in it to set.
  struct Field: CustomTestStringConvertible, Sendable {
    let base: String
    /// The place of the value in the resolved document.
    let path: [Substring]
    let before: String
    let after: String
    var testDescription: String { "\(before)…\(after)" }

    func override(_ value: String) throws -> Override { try Override(before + value + after) }

    init(_ base: String, _ path: String) {
      (self.base, before, after) = (base, path + "=", "")
      self.path = path.split(separator: ".")
    }

    /// - Parameter entry: An example of a catalog entry, in which `name` is set.
    init(_ base: String, _ path: String, entry: String, _ name: String) throws {
      let pairs = try Node.parse(Array(entry.utf8), name: "example").pairs ?? []
      let others = pairs.filter { $0.key.scalar?.text != name }
        .map { "\($0.key.scalar?.text ?? ""): \($0.value.flow), " }
      self.base = base
      self.path = path.split(separator: ".") + [name[...]]
      before = "\(path)={\(others.joined())\(name): "
      after = "}"
    }
  }

  // MARK: Models

  private static func model(
    data: String = "{source: spiral, points_per_class: 5, batch_size: 4}",
    _ layers: [String], solver: String = "base_lr: 0.1, max_iter: 2"
  ) -> String {
    spiralModel(train: data, test: data, network: layers, solver: solver)
  }

  private static let plainLayers = [
    "name: ip1, type: Linear, num_output: 4", "name: relu1, type: ReLU",
    "name: ip2, type: Linear, num_output: 100", "name: loss, type: SoftmaxWithLoss",
  ]
  private static let plain = model(plainLayers)
  private static let divided = """
    data:
      split: {fraction: 0.5}
      train: {source: csv, file: table.csv, target: label, batch_size: 4}
      test: {batch_size: 2}
    network:
      - {name: ip1, type: Linear, num_output: 100}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.1, max_iter: 2}
    """

  /// Returns a network with a layer `x` of a type.
  private static func model(with entry: Catalog<any Layer>.Entry) -> String {
    let type = entry.reference.name
    let required = entry.fields.filter { $0.isRequired && $0.name != "formula" }
      .map { ", \($0.name): 3" }.joined()
    let x =
      "name: x, type: \(type)" + required + (type == "Expression" ? ", formula: 2 * x" : "")
    let ip = ["name: ip1, type: Linear, num_output: 3"]
    let loss = ["name: loss, type: SoftmaxWithLoss"]
    switch type {
    case "SoftmaxWithLoss": return model(ip + [x])
    case "Accuracy": return model(ip + [x] + loss)
    case "EuclideanLoss", "R2":
      return model(
        ip + ["name: ip2, type: Linear, num_output: 3", x + ", bottom: [ip1, ip2]"] + loss)
    default:
      if let more = imageLayers[type] { return model(ofImages: type, more) }
      return model(ip + [x, "name: ip2, type: Linear, num_output: 3"] + loss)
    }
  }

  /// The fields of example layers that read images, by type.
  private static let imageLayers = [
    "Concat": "bottom: [image, image]", "Slice": "axis: 1", "Split": "top: x",
    "Reshape": "shape: [0, -1]", "Permute": "order: [0, 2]", "Tile": "tiles: 2",
    "Crop": "bottom: [image, image]", "Pad": "low: 1", "Upsample": "scale: 2",
    "Reduction": "axis: 2", "ArgMax": "axis: 1",
    "Embed": "input_dim: 3, num_output: 2, bottom: best",
    "SPP": "pyramid_height: 1", "Parameter": "shape: [2]", "Silence": "bottom: image",
    "Input": "shape: [12]", "DummyData": "shape: [2]", "Eltwise": "bottom: [image, image]",
    "LayerNorm": "axis: 1", "GroupNorm": "num_groups: 1", "InstanceNorm": "affine: true",
    "RMSNorm": "axis: 1", "MVN": "across_channels: true", "LRN": "local_size: 3",
  ]

  /// Returns a network with a layer `x` that reads images or class numbers.
  private static func model(ofImages type: String, _ more: String) -> String {
    let before = [
      "name: ip1, type: Linear, num_output: 12",
      "name: image, type: Reshape, shape: [0, 3, 2, 2]",
      "name: best, type: ArgMax, bottom: ip1",
    ]
    let x = ["name: x, type: \(type), \(more)"]
    let after = ["name: ip2, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss"]
    switch type {
    // These layers get a side branch: they pass no gradient, or their outputs may be NaN.
    case "ArgMax", "Embed", "Silence":
      return model(before + x + [after[0] + ", bottom: image", after[1]])
    default:
      let reads = more.contains("bottom") || type == "Parameter" || type == "DummyData"
      return model(
        before + [x[0] + (reads ? "" : ", bottom: image"), "name: flat, type: Flatten"] + after)
    }
  }

  static func fields() throws -> [Field] {
    var fields = ["name", "seed", "expect", "variables"].map { Field(plain, $0) }
    fields += SolverDeclaration.fieldDescriptions.map { Field(plain, "solver.\($0.name)") }
    for entry in SolverCatalog.all.entries {
      let base = model(
        plainLayers, solver: "type: \(entry.reference.name), base_lr: 0.01, max_iter: 2")
      fields += entry.fields.map { Field(base, "solver.\($0.name)") }
    }
    for entry in PolicyCatalog.all.entries {
      fields += try entry.fields.map {
        try Field(plain, "solver.lr_policy", entry: entry.reference.example, $0.name)
      }
    }
    for entry in RegularizerCatalog.all.entries {
      fields += try entry.fields.map {
        try Field(plain, "solver.regularization_type", entry: entry.reference.example, $0.name)
      }
    }
    for name in Warmup.fieldDescriptions.map(\.name) {
      fields.append(try Field(plain, "solver.warmup", entry: "{length: 1}", name))
    }
    for name in EarlyStop.fieldDescriptions.map(\.name) {
      fields.append(try Field(plain, "solver.early_stop", entry: "{metric: test_loss}", name))
    }
    for name in RowSplit.fieldDescriptions.map(\.name) {
      fields.append(try Field(divided, "data.split", entry: "{fraction: 0.5}", name))
    }
    for name in RowFold.fieldDescriptions.map(\.name) {
      let base = divided.replacing("split: {fraction: 0.5}", with: "fold: {count: 3}")
      fields.append(try Field(base, "data.fold", entry: "{count: 3}", name))
    }
    fields += TestBatches.fieldDescriptions.map { Field(divided, "data.test.\($0.name)") }
    for entry in FillerCatalog.all.entries {
      fields += try entry.fields.map {
        try Field(plain, "network.ip1.weight_filler", entry: entry.reference.example, $0.name)
      }
    }
    for name in ParameterOptions.fieldDescriptions.map(\.name) {
      fields.append(try Field(plain, "network.ip1.param", entry: "{}", name))
    }
    for entry in LayerCatalog.all.entries {
      let names = LayerHeader.fieldDescriptions.map(\.name) + entry.fields.map(\.name)
      fields += names.map { Field(model(with: entry), "network.x.\($0)") }
    }
    for entry in DataSourceCatalog.all.entries {
      var more = entry.reference.name == "csv" ? ", file: table.csv, target: label" : ""
      switch entry.reference.name {
      case "idx": more = ", images: images, labels: labels"
      case "npy": more = ", inputs: x.npy, targets: y.npy, task: classification"
      case "cifar": more = ", files: batch.bin"
      case "images": more = ", folder: photos, color: gray"
      case "generated_images": more = ", images_per_class: 4, height: 3, width: 2"
      case "generated_shapes": more = ", image_count: 9, height: 8, width: 8"
      default: break
      }
      if entry.fields.contains(where: { $0.name == "points_per_class" }) {
        more = ", points_per_class: 5"
      }
      let data = "{source: \(entry.reference.name), batch_size: 4\(more)}"
      let base = model(
        data: data,
        [
          "name: flat, type: Flatten", "name: ip1, type: Linear, num_output: 100",
          "name: loss, type: SoftmaxWithLoss",
        ])
      let names = DataDeclaration.fieldDescriptions.map(\.name) + entry.fields.map(\.name)
      fields += names.map { Field(base, "data.train.\($0)") }
      fields += names.map { Field(base, "data.test.\($0)") }
    }
    return fields
  }

  @Test("are declared for every part of a model file")
  func count() throws {
    #expect(try FieldValuesTests.fields().count > 120)
  }

  /// Writes five examples of two values and their classes, as IDX and as NumPy files.
  private func writeArrays(in folder: TemporaryFolder) throws {
    let (values, labels): ([UInt8], [UInt8]) = ([1, 2, 3, 4, 5, 6, 7, 8, 0, 1], [0, 1, 0, 1, 0])
    try folder.write([0, 0, 8, 2, 0, 0, 0, 5, 0, 0, 0, 2] + values, to: "images")
    try folder.write([0, 0, 8, 1, 0, 0, 0, 5] + labels, to: "labels")
    for (name, shape, bytes) in [("x.npy", "(5, 2)", values), ("y.npy", "(5,)", labels)] {
      let header = Array("{'descr': '|u1', 'fortran_order': False, 'shape': \(shape)}\n".utf8)
      let start = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0]
      try folder.write(start + header + bytes, to: name)
    }
  }

  /// Writes five grey PNG files of 1x2 pixels, in folders for two classes.
  private func writeImages(in folder: TemporaryFolder) throws {
    let png = try #require(
      Data(
        base64Encoded:
          "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR42mPgPAEAAN0A0s/WA2wA"
          + "AAAASUVORK5CYII="))
    let records = (0..<5).flatMap { [UInt8($0)] + [UInt8](repeating: 9, count: 3072) }
    try folder.write(records, to: "batch.bin")
    for name in ["a", "b"] { try folder.makeFolder("photos/\(name)") }
    for name in ["a/1", "a/2", "b/1", "b/2", "b/3"] {
      try folder.write([UInt8](png), to: "photos/\(name)")
    }
  }

  @Test("are refused at their place, or run", .tags(.slow), arguments: try fields())
  func everyValue(field: Field) throws {
    let folder = try TemporaryFolder()
    try folder.write("a,b,label\n1,2,x\n3,-4,y\n5,6,x\n-7,8,y\n0,1,x\n", to: "table.csv")
    try writeArrays(in: folder)
    try writeImages(in: folder)
    try folder.write(field.base, to: "model.yaml")
    for value in FieldValuesTests.values {
      var options = RunOptions()
      options.overrides = [try field.override(value)]
      options.threads = 1
      options.memoryLimit = 256 << 20
      options.output = folder.file("run")
      options.overwrites = true
      do throws(RunFailure) {
        let run = try TrainingRun(path: folder.file("model.yaml"), options: options)
        expectUnchanged(value, field, run.model.file)
        // A long training is a valid request, but takes too long for a test.
        guard run.trainer.iterationCount <= 400 else { continue }
        let summary = try run.run { _ in }
        #expect(summary.iterations >= 1)
        #expect(folder.contents.contains("run/run.json"))
      } catch {
        expectPlace(error, value, field)
      }
    }
  }

  /// Expects a place in the refusal, unless the refusal is about data that were read.
  private func expectPlace(_ failure: RunFailure, _ value: String, _ field: Field) {
    switch failure {
    case .refused(let diagnostics):
      for diagnostic in diagnostics.all {
        #expect(!diagnostic.mark.isNone, "\(field) \(value): \(diagnostic.message)")
      }
    case .refusedInput(let message):
      let isKnown =
        message.hasPrefix("test data: ") || message.contains("table.csv: ")
        || message.hasPrefix("train data: ")
      #expect(isKnown, "\(field) \(value): \(message)")
    case .environment, .unreadable:
      let message = failure.rendered
      let paths = [
        "file", "files", "images", "labels", "inputs", "targets", "folder", "list",
        "masks", "table",
      ]
      let isPath = paths.contains { field.before.hasSuffix(".\($0)=") }
      #expect(isPath, "\(field) \(value): \(message)")
    case .unreached(let diagnostics):
      Issue.record("\(field) \(value): \(diagnostics.rendered)")
    case .interrupted(_, let message):
      Issue.record("\(field) \(value): \(message)")
    case .diverged(let message), .unmet(let message):
      #expect(FieldValuesTests.mayOverflow(field), "\(field) \(value): \(message)")
    }
  }

  /// Whether the field's function is a power or an exponential, which may overflow or have no
  /// value.
  private static func mayOverflow(_ field: Field) -> Bool {
    ["Power", "Log", "Exp"].contains { field.base.contains("type: \($0)") }
  }

  /// Expects that the model file uses an accepted number unchanged.
  private func expectUnchanged(_ value: String, _ field: Field, _ file: ModelFile) {
    let given = Scalar(text: value, style: .plain).number
    var node = file.resolved()
    for part in field.path {
      let named = node.items?.first { $0["name"]?.scalar?.text == String(part) }
      guard let next = named ?? node[String(part)] else { return }
      node = next
    }
    guard let given, let used = node.scalar?.number else { return }
    #expect(given == used, "\(field) \(value)")
  }
}

extension Scalar {
  fileprivate var number: Double? {
    switch resolved {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .hugeInteger: Double(text)
    default: nil
    }
  }
}

extension Node {
  /// The node in flow style.
  fileprivate var flow: String {
    switch value {
    case .scalar(let scalar): scalar.style == .plain ? scalar.text : "'\(scalar.text)'"
    case .sequence(let items): "[\(items.map(\.flow).joined(separator: ", "))]"
    case .mapping: "{}"
    }
  }
}
