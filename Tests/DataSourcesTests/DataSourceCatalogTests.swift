import DataFiles
import DataSources
import Fields
import Files
import Oracles
import Tensors
import Testing
import YAML

/// Tests the common behaviour of all data sources.
@Suite struct DataSourceCatalogTests {
  static let names = DataSourceCatalog.all.names

  @Test func sourcesAreFoundByName() {
    #expect(
      Self.names == [
        "spiral", "moons", "circles", "blobs", "xor", "csv", "idx", "npy", "cifar", "images",
        "generated_images", "generated_shapes",
      ])
    for name in Self.names {
      #expect(DataSourceCatalog.all.entry(named: name)?.reference.name == name)
    }
  }

  @Test(arguments: names) func exampleIsRead(name: String) throws {
    let entry = try #require(DataSourceCatalog.all.entry(named: name))
    let declared = try declaration(entry.reference.example)
    #expect(type(of: declared.source).reference.name == name)
    // The example states every field that does not keep its default.
    let stated = try node(entry.reference.example)
    for field in entry.fields where field.isRequired {
      #expect(stated[field.name] != nil, "the example does not state '\(field.name)'")
    }
  }

  @Test(arguments: names) func unknownKeyIsRefusedAtItsPosition(name: String) throws {
    let entry = try #require(DataSourceCatalog.all.entry(named: name))
    let text = entry.reference.example.dropLast() + ", colour: red}"
    let column = text.count - ", colour: red}".count + 3
    #expect(
      try refusal(String(text)) == """
        model.yaml:1:\(column): error: train data: unknown field 'colour'
        \(DataSourceCatalogTests.excerpt(String(text), column))
        """)
  }

  @Test(arguments: names) func misspeltFieldIsSuggested(name: String) throws {
    let entry = try #require(DataSourceCatalog.all.entry(named: name))
    let field = try #require(entry.fields.first?.name)
    for (stated, meant) in [("\(field)x", field), ("batch_sise", "batch_size")] {
      let text = "{source: \(name), \(stated): 1}"
      #expect(
        try refusal(text).contains(
          "train data: unknown field '\(stated)'; did you mean '\(meant)'?"))
    }
  }

  @Test(arguments: names) func fieldsAreNotThoseOfThePart(name: String) throws {
    let entry = try #require(DataSourceCatalog.all.entry(named: name))
    let common = Set(DataDeclaration.fieldDescriptions.map(\.name) + ["source"])
    #expect(common.isDisjoint(with: entry.fields.map(\.name)))
  }

  @Test(arguments: names) func encodedPartIsReadAsTheSame(name: String) throws {
    let entry = try #require(DataSourceCatalog.all.entry(named: name))
    let encoded = try declaration(entry.reference.example).encoded
    var diagnostics = Diagnostics()
    let again = DataDeclaration.decode(encoded, phase: .train, &diagnostics)
    #expect(text(try #require(again).encoded) == text(encoded))
    #expect(text(encoded).hasPrefix("{source: \(name), "))
  }

  /// Every numeric value is either refused with a message, or accepted and usable.
  static let hostileValues = [
    "0", "-1", "1", "2", "3", "0.5", "99999999999", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "1e308", "-1e308", "1e-320", ".nan", ".inf", "-.inf", "text", "''",
    "true", "~", "[]", "[1]", "[0, 1]", "[1, 2]", "[.nan, 1]", "[-1, 9223372036854775807]",
    "[[1]]", "{}", "{a: 1}", "[~, ~]", "[0, 99999999999]", "[0.2, 0.5]",
  ]

  @Test(.tags(.slow), arguments: names) func hostileValuesAreRefusedOrRun(name: String) throws {
    let entry = try #require(DataSourceCatalog.all.entry(named: name))
    let folder = try TemporaryFolder()
    try folder.write("a,b,label\n1,2,u\n3,4,v\n5,6,u\n", to: "t.csv")
    try folder.write(idx([3, 2, 2], (0..<12).map { UInt8($0) }), to: "i")
    try folder.write(gzip(idx([3], [0, 1, 1])), to: "l.gz")
    try folder.write(
      (0..<3).flatMap { [UInt8($0)] + [UInt8](repeating: 7, count: 3072) }, to: "batch.bin")
    try folder.write(npy("<u2", "(3,)", [0, 0, 1, 0, 1, 0]), to: "x.npy")
    try folder.makeFolder("photos")
    for (index, photo) in ["a", "b", "c"].enumerated() {
      try folder.write(PNGFile.grey([UInt8(index), 90, 200]), to: "photos/\(photo)")
    }
    try folder.write("a 0\nb 1\nc 0\n", to: "list")
    let start =
      switch name {
      case "csv": "source: csv, file: t.csv, target: label"
      case "idx": "source: idx, images: i, labels: l.gz"
      case "npy": "source: npy, inputs: x.npy, targets: x.npy, task: classification"
      case "cifar": "source: cifar, files: batch.bin"
      case "images": "source: images, folder: photos, list: list"
      case "generated_images":
        "source: generated_images, height: 4, width: 4, images_per_class: 3"
      case "generated_shapes":
        "source: generated_shapes, height: 8, width: 8, image_count: 9"
      default: "source: \(name)"
      }
    let stated = try #require(try node("{\(start)}").pairs)
    var counts = (refused: 0, run: 0)
    for field in (entry.fields + DataDeclaration.fieldDescriptions).map(\.name) {
      for value in Self.hostileValues {
        var pairs = stated.filter { $0.key.scalar?.text != field }
        pairs += try #require(try node("{\(field): \(value)}").pairs)
        var diagnostics = Diagnostics()
        let part = DataDeclaration.decode(Node(.mapping(pairs)), phase: .train, &diagnostics)
        #expect((part == nil) == diagnostics.hasErrors, "\(field): \(value)")
        guard let part else {
          counts.refused += 1
          continue
        }
        counts.run += 1
        do throws(DataFailure) {
          let loaded = try loadParts(train: part, test: nil, directory: folder.path, seed: 1)
          #expect(loaded.train.count > 0, "\(field): \(value)")
          #expect(loaded.train.inputValues.allSatisfy { $0.isFinite }, "\(field): \(value)")
        } catch {
          #expect(error.message.contains("expected"), "\(field): \(value)")
        }
      }
    }
    #expect(counts.refused > 100 && counts.run > 20, "\(counts)")
  }

  private static func excerpt(_ text: String, _ column: Int) -> String {
    let cut = text.count > 0 ? max(0, column - 1 - 60) : 0
    let before = (cut > 0 ? "…" : "") + text.dropFirst(cut).prefix(column - 1 - cut)
    let after = text.dropFirst(column - 1)
    return "    1 | \(before)\(after)\n      | \(String(repeating: " ", count: before.count))^"
  }

  private func text(_ node: Node) -> String {
    switch node.value {
    case .scalar(let scalar): scalar.text
    case .sequence(let items): "[\(items.map(text).joined(separator: ", "))]"
    case .mapping(let pairs):
      "{\(pairs.map { "\(text($0.key)): \(text($0.value))" }.joined(separator: ", "))}"
    }
  }
}

extension DataSourceCatalogTests {
  /// Returns the source called `name` with its defaults.
  static func source(_ name: String) -> any DataSource {
    switch name {
    case "spiral": Spiral()
    case "moons": Moons()
    case "circles": Circles()
    case "blobs": Blobs()
    case "xor": XOR()
    case "idx": IDX()
    case "npy": NPY()
    case "cifar": CIFAR()
    case "images": Images()
    case "generated_images": GeneratedImages()
    case "generated_shapes": GeneratedShapes()
    default: CSV()
    }
  }
}
